namespace HiNet.Crdt.Core.Discovery;

/// <summary>What LAN discovery wants done or has to say; a closed union.</summary>
public abstract record MdnsEffect
{
    private MdnsEffect()
    {
    }

    /// <summary>Send this to the link's group, port 5353.</summary>
    public sealed record Multicast(MdnsLinkId Link, ReadOnlyMemory<byte> Bytes) : MdnsEffect;

    /// <summary>Send this to one neighbour, from port 5353.</summary>
    public sealed record Unicast(MdnsLinkId Link, MdnsAddress To, ushort Port, ReadOnlyMemory<byte> Bytes) : MdnsEffect;

    /// <summary>
    /// Another node is on the LAN, or what is known of it has changed: this replaces what was said of the instance before.
    /// </summary>
    /// <param name="Instance">The name under which it runs now; it means nothing.</param>
    /// <param name="Endpoints">At least one, best first.</param>
    /// <param name="Port">1 to 65,535.</param>
    /// <param name="Secrets">Ids of the secrets that it seems to hold too, sorted; none for a stranger. A hint, not a proof: the link is.</param>
    public sealed record Found(string Instance, IReadOnlyList<MdnsEndpoint> Endpoints, ushort Port, IReadOnlyList<Bytes32> Secrets) : MdnsEffect;

    /// <summary>It said goodbye, or was not heard of in time.</summary>
    public sealed record Lost(string Instance) : MdnsEffect;

    /// <summary>Add to a counter.</summary>
    public sealed record Count(string Instrument, long Amount) : MdnsEffect;
}
