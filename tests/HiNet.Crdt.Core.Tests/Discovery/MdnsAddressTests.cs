namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsAddressTests
{
    [Theory]
    [InlineData("fe80::1", true)]
    [InlineData("febf:ffff::1", true)]
    [InlineData("fe7f:ffff::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("169.254.0.1", false)]
    public void Link_local_is_fe80_with_10_bits(string address, bool isLinkLocal) => LinkBench.Address(address).IsIPv6LinkLocal.ShouldBe(isLinkLocal);

    [Theory]
    [InlineData("::1", true)]
    [InlineData("::2", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.0.1", true)]
    [InlineData("126.255.255.255", false)]
    [InlineData("128.0.0.1", false)]
    [InlineData("192.0.2.127", false)]
    [InlineData("2001:db8::7f00:1", false)]
    public void Loopback_is_127_and_the_first_of_all(string address, bool isLoopback) => LinkBench.Address(address).IsLoopback.ShouldBe(isLoopback);

    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.255.255.255", false)]
    [InlineData("1.0.0.0", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("224.0.0.251", false)]
    [InlineData("239.255.255.255", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", true)]
    [InlineData("::ff", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("feff::1", true)]
    [InlineData("ff02::fb", false)]
    [InlineData("ffff::1", false)]
    public void Nobody_has_an_unspecified_a_multicast_or_a_broadcast_address(string address, bool isUnicast) =>
        LinkBench.Address(address).IsUnicast.ShouldBe(isUnicast);
}
