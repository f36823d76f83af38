using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsSubnetTests
{
    [Theory]
    [InlineData("192.0.2.1", 24, "192.0.2.255", true)]
    [InlineData("192.0.2.1", 24, "192.0.3.0", false)]
    [InlineData("192.0.2.0", 25, "192.0.2.127", true)]
    [InlineData("192.0.2.0", 25, "192.0.2.128", false)]
    [InlineData("192.0.2.0", 32, "192.0.2.0", true)]
    [InlineData("192.0.2.0", 32, "192.0.2.1", false)]
    [InlineData("10.0.0.0", 1, "127.255.255.255", true)]
    [InlineData("10.0.0.0", 1, "128.0.0.0", false)]
    [InlineData("10.0.0.0", 0, "200.0.0.1", true)]
    [InlineData("10.0.0.0", 0, "::1", false)]
    [InlineData("2001:db8::1", 64, "2001:db8::ffff:1:2:3", true)]
    [InlineData("2001:db8::1", 64, "2001:db8:0:1::1", false)]
    [InlineData("2001:db8::", 128, "2001:db8::", true)]
    [InlineData("2001:db8::", 128, "2001:db8::1", false)]
    [InlineData("2001:db8::", 1, "7fff::1", true)]
    [InlineData("2001:db8::", 1, "8000::1", false)]
    [InlineData("2001:db8::", 0, "8000::1", true)]
    [InlineData("2001:db8::", 0, "192.0.2.1", false)]
    public void An_address_is_in_a_subnet_when_family_and_prefix_are_the_same(string own, int prefix, string other, bool contains) =>
        new MdnsSubnet(LinkBench.Address(own), prefix).Contains(LinkBench.Address(other)).ShouldBe(contains);

    [Theory]
    [InlineData("192.0.2.0", 33, "192.0.2.0", true)]
    [InlineData("192.0.2.0", 33, "192.0.2.1", false)]
    [InlineData("2001:db8::", -1, "8000::1", true)]
    public void A_prefix_that_no_address_has_counts_as_the_nearest_that_one_has(string own, int prefix, string other, bool contains) =>
        new MdnsSubnet(LinkBench.Address(own), prefix).Contains(LinkBench.Address(other)).ShouldBe(contains);
}
