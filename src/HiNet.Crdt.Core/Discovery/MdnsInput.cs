namespace HiNet.Crdt.Core.Discovery;

/// <summary>What happens to LAN discovery; a closed union.</summary>
public abstract record MdnsInput
{
    private MdnsInput()
    {
    }

    /// <summary>These links can be used now, and no others: given at the start and at each change of interface or address.</summary>
    public sealed record LinksChanged(IReadOnlyList<MdnsLink> Links) : MdnsInput;

    /// <summary>A datagram came to port 5353. The bytes are not kept.</summary>
    public sealed record DatagramReceived(MdnsLinkId Link, MdnsAddress Source, ushort SourcePort, ReadOnlyMemory<byte> Bytes) : MdnsInput;

    /// <summary>Those who may recognise this node hold these; the first <see cref="MdnsMachine.MaximumSecrets"/> are used.</summary>
    public sealed record SecretsChanged(IReadOnlyList<MdnsSecret> Secrets) : MdnsInput;

    /// <summary>The node stops: say goodbye. Later inputs do nothing.</summary>
    public sealed record Stopped : MdnsInput;
}
