using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt;

/// <summary>The Ed25519 key that a node shows on its links; apart from its person's and its device's keys.</summary>
public readonly record struct NodeId(Bytes32 Value) : IComparable<NodeId>
{
    /// <summary>Copies 32 bytes.</summary>
    public NodeId(ReadOnlySpan<byte> bytes)
        : this(new Bytes32(bytes))
    {
    }

    /// <summary>A fresh array with the 32 bytes.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => Value.CopyTo(destination);

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hex digits: the form that other calls and the command line take.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeId id)
    {
        var parsed = Bytes32.TryParse(text, out var value);
        id = new NodeId(value);
        return parsed;
    }
}
