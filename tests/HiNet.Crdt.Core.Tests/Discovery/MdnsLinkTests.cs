using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsLinkTests
{
    [Fact]
    public void Links_are_ordered_by_interface_and_then_by_family()
    {
        MdnsLinkId[] ordered = [new(1, false), new(1, true), new(2, false), new(2, true), new(3, false)];
        Enumerable.Reverse(ordered).Order().ShouldBe(ordered);
    }

    [Theory]
    [InlineData("192.0.2.200", true)]
    [InlineData("198.51.100.1", true)]
    [InlineData("198.51.101.1", false)]
    [InlineData("fe80::1", true)]
    [InlineData("2001:db8::1", false)]
    public void A_neighbour_is_in_one_of_the_subnets_or_link_local(string address, bool isOnLink) =>
        LinkBench.LinkOf(1, "192.0.2.1/24", "198.51.100.7/24").IsOnLink(LinkBench.Address(address)).ShouldBe(isOnLink);

    [Theory]
    [InlineData("198.51.100.1", true)]
    [InlineData("224.0.0.251", false)]
    [InlineData("0.0.0.0", false)]
    public void Nobody_on_a_link_that_holds_everything_has_an_address_that_is_none(string address, bool isOnLink) =>
        LinkBench.LinkOf(1, "192.0.2.1/0").IsOnLink(LinkBench.Address(address)).ShouldBe(isOnLink);
}
