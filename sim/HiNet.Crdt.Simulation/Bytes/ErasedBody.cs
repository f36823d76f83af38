namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>A sealed body that a node must not have any more, since a virtual time in microseconds.</summary>
internal sealed record ErasedBody(EntryId Entry, byte[] Sealed, long Since)
{
    /// <summary>Whether its beginning is somewhere in these bytes.</summary>
    public bool IsIn(ReadOnlySpan<byte> bytes) => bytes.IndexOf(Sealed.AsSpan(0, Math.Min(PatternSet.Longest, Sealed.Length))) >= 0;
}
