namespace HiNet.Crdt.Core.Discovery;

/// <summary>One resource record of class IN and of a type that we know.</summary>
/// <param name="Name">Whose record it is.</param>
/// <param name="Data">What it says, and thereby its type.</param>
/// <param name="Seconds">Its time to live, in seconds; 0 is a goodbye.</param>
/// <param name="Flushes">The top bit of the class: all there is of this name and type (RFC 6762, section 10.2).</param>
public sealed record DnsRecord(DnsName Name, DnsData Data, uint Seconds, bool Flushes = false)
{
    /// <summary>A <see cref="DnsType"/>.</summary>
    public ushort Type => Data.Type;
}
