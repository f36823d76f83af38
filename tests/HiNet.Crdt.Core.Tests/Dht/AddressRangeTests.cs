using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("[2001:db8::]:1", 32, "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:1", true)]
    [InlineData("[2001:db8::]:1", 32, "[2001:db9::]:1", false)]
    [InlineData("[2001:db8::]:1", 33, "[2001:db8:7fff::]:1", true)]
    [InlineData("[2001:db8::]:1", 33, "[2001:db8:8000::]:1", false)]
    [InlineData("[2001:db8::]:1", 1, "[7fff::]:1", true)]
    [InlineData("[2001:db8::]:1", 1, "[8000::]:1", false)]
    [InlineData("[2001:db8::]:1", 0, "[8000::]:1", true)]
    [InlineData("[2001:db8::]:1", -1, "[8000::]:1", true)]
    [InlineData("[2001:db8::1]:1", 128, "[2001:db8::1]:9", true)]
    [InlineData("[2001:db8::1]:1", 128, "[2001:db8::]:1", false)]
    [InlineData("[2001:db8::1]:1", 129, "[2001:db8::1]:1", true)]
    [InlineData("[2001:db8::1]:1", 129, "[2001:db8::]:1", false)]
    [InlineData("127.0.0.0:1", 104, "127.255.255.255:1", true)]
    [InlineData("127.0.0.0:1", 104, "126.255.255.255:1", false)]
    public void A_range_holds_the_addresses_that_begin_as_it_does(string first, int bits, string address, bool isIn) =>
        new AddressRange(Endpoint.Parse(first).Address, bits).Contains(Endpoint.Parse(address).Address).ShouldBe(isIn);
}
