using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsEndpointTests
{
    [Fact]
    public void IPv4_comes_first_and_link_local_last_then_address_and_interface_decide()
    {
        MdnsEndpoint[] ordered =
        [
            Of("192.0.2.1", 1), Of("192.0.2.1", 2), Of("192.0.2.2", 1),
            Of("::2", 3), Of("2001:db8::1", 2), Of("2001:db8::2", 1), Of("fec0::1", 1),
            Of("fe80::1", 1), Of("fe80::1", 2), Of("fe80::2", 1),
        ];
        Enumerable.Reverse(ordered).Order().ShouldBe(ordered);
        for (var i = 1; i < ordered.Length; i++)
        {
            ordered[i - 1].CompareTo(ordered[i]).ShouldBeLessThan(0);
            ordered[i].CompareTo(ordered[i - 1]).ShouldBeGreaterThan(0);
        }
    }

    private static MdnsEndpoint Of(string address, int @interface) => new(LinkBench.Address(address), @interface);
}
