namespace HiNet.Crdt.Core.Engine;

/// <summary>A link's number in one run of a node; the shell counts them and never uses one twice.</summary>
public readonly record struct LinkId(long Value) : IComparable<LinkId>
{
    public int CompareTo(LinkId other) => Value.CompareTo(other.Value);
}
