using System.Text;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// A domain name (RFC 1035, section 3.1): labels of 1 to 63 bytes, at most 255 bytes in all. Compared and ordered without
/// regard to the case of ASCII letters, as DNS does; the case that came is kept.
/// </summary>
public sealed class DnsName : IEquatable<DnsName>, IComparable<DnsName>
{
    /// <summary>The longest name on the wire, its closing zero included.</summary>
    public const int MaximumLength = 255;

    /// <summary>The longest label.</summary>
    public const int MaximumLabel = 63;

    private readonly byte[] _wire;

    internal DnsName(ReadOnlySpan<byte> wire) => _wire = wire.ToArray();

    /// <summary>The name as it stands in a message without compression: each label after its length, then a zero.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>The first label, of bytes that are no UTF-8 replaced; empty for the root.</summary>
    public string FirstLabel => Encoding.UTF8.GetString(_wire, 1, _wire[0]);

    /// <exception cref="ArgumentException">A label is empty or longer than 63 bytes, or the name is longer than 255.</exception>
    public static DnsName Of(params ReadOnlySpan<string> labels)
    {
        var wire = new List<byte>();
        foreach (var label in labels)
        {
            var bytes = Encoding.UTF8.GetBytes(label);
            if (bytes.Length is 0 or > MaximumLabel)
            {
                throw new ArgumentException($"A label has {bytes.Length} bytes; it has 1 to {MaximumLabel}.", nameof(labels));
            }

            wire.Add((byte)bytes.Length);
            wire.AddRange(bytes);
        }

        wire.Add(0);
        return wire.Count <= MaximumLength
            ? new DnsName(wire.ToArray())
            : throw new ArgumentException($"A name has {wire.Count} bytes; it has at most {MaximumLength}.", nameof(labels));
    }

    /// <summary>The name with one label before it.</summary>
    /// <exception cref="ArgumentException">The label or the name would be too long.</exception>
    public DnsName Under(string label)
    {
        var bytes = Encoding.UTF8.GetBytes(label);
        if (bytes.Length is 0 or > MaximumLabel || bytes.Length + 1 + _wire.Length > MaximumLength)
        {
            throw new ArgumentException($"A label of {bytes.Length} bytes does not fit.", nameof(label));
        }

        return new DnsName([(byte)bytes.Length, .. bytes, .. _wire]);
    }

    /// <summary>True when this is <paramref name="parent"/> with exactly one label before it.</summary>
    public bool IsChildOf(DnsName parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        return Compare(_wire.AsSpan(1 + _wire[0]), parent._wire) == 0;
    }

    /// <inheritdoc/>
    public int CompareTo(DnsName? other) => other is null ? 1 : Compare(_wire, other._wire);

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && Compare(_wire, other._wire) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <summary>The same in every process.</summary>
    public override int GetHashCode()
    {
        var hash = 2166136261u;
        foreach (var value in _wire)
        {
            hash = (hash ^ Fold(value)) * 16777619;
        }

        return (int)hash;
    }

    /// <summary>Labels with dots between them; dots and backslashes in labels escaped, other bytes than printable ASCII as <c>\ddd</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var at = 0; _wire[at] != 0; at += 1 + _wire[at])
        {
            text.Append(at > 0 ? "." : string.Empty);
            foreach (var value in _wire.AsSpan(at + 1, _wire[at]))
            {
                _ = value switch
                {
                    (byte)'.' or (byte)'\\' => text.Append('\\').Append((char)value),
                    > 0x20 and < 0x7f => text.Append((char)value),
                    _ => text.Append('\\').Append((char)('0' + (value / 100))).Append((char)('0' + (value / 10 % 10))).Append((char)('0' + (value % 10))),
                };
            }
        }

        return text.Append('.').ToString();
    }

    // Lengths are below 64 and so never in the range of the letters: whole names fold at once.
    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var order = Fold(left[i]).CompareTo(Fold(right[i]));
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static byte Fold(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value + 32) : value;
}
