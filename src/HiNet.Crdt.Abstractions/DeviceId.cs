using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt;

/// <summary>A device's Ed25519 signing key. Devices write; people are members.</summary>
public readonly record struct DeviceId(Bytes32 Value) : IComparable<DeviceId>
{
    /// <summary>Copies 32 bytes.</summary>
    public DeviceId(ReadOnlySpan<byte> bytes)
        : this(new Bytes32(bytes))
    {
    }

    /// <summary>A fresh array with the 32 bytes.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => Value.CopyTo(destination);

    /// <inheritdoc/>
    public int CompareTo(DeviceId other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hex digits: the form that other calls and the command line take.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId id)
    {
        var parsed = Bytes32.TryParse(text, out var value);
        id = new DeviceId(value);
        return parsed;
    }
}
