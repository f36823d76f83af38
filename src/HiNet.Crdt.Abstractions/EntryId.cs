using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt;

/// <summary>BLAKE2b-256 of an entry's header: names one entry of one conversation, everywhere.</summary>
public readonly record struct EntryId(Bytes32 Value) : IComparable<EntryId>
{
    /// <summary>Copies 32 bytes.</summary>
    public EntryId(ReadOnlySpan<byte> bytes)
        : this(new Bytes32(bytes))
    {
    }

    /// <summary>A fresh array with the 32 bytes.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => Value.CopyTo(destination);

    /// <inheritdoc/>
    public int CompareTo(EntryId other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hex digits: the form that other calls and the command line take.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EntryId id)
    {
        var parsed = Bytes32.TryParse(text, out var value);
        id = new EntryId(value);
        return parsed;
    }
}
