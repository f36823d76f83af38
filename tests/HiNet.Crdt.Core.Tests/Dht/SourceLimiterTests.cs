using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class SourceLimiterTests
{
    private static readonly Instant s_now = new(5_000_000);

    private readonly SourceLimiter _limiter = new(new DhtOptions { QueryBurst = 1, QueriesPerSecond = 1 });

    [Fact]
    public void An_IPv4_address_is_one_source_whatever_the_port()
    {
        IsAllowed("8.8.8.8:1").ShouldBeTrue();
        IsAllowed("8.8.8.8:2").ShouldBeFalse();
        IsAllowed("8.8.8.9:1").ShouldBeTrue();
    }

    [Fact]
    public void An_IPv6_source_is_its_first_64_bits()
    {
        IsAllowed("[2001:db8:0:1::1]:1").ShouldBeTrue();
        IsAllowed("[2001:db8:0:1::2]:1").ShouldBeFalse();
        IsAllowed("[2001:db8:0:1:8000::]:1").ShouldBeFalse("the first bit of the rest does not count");
        IsAllowed("[2001:db8::1]:1").ShouldBeTrue("the last bit of the 64 counts");
        IsAllowed("[a001:db8:0:1::1]:1").ShouldBeTrue("and the first");
        _limiter.Count.ShouldBe(3);
    }

    [Fact]
    public void Addresses_that_are_not_scarce_have_no_bound()
    {
        for (var i = 0; i < 5; i++)
        {
            IsAllowed("127.0.0.1:1").ShouldBeTrue();
            IsAllowed("[::1]:1").ShouldBeTrue();
        }

        _limiter.Count.ShouldBe(0);
    }

    private bool IsAllowed(string source) => _limiter.IsAllowed(Endpoint.Parse(source), s_now);
}
