using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Log;

/// <summary>An entry as it lies in the store: flags (1), header length (2, little-endian), header, signature (64, if flagged), sealed body.</summary>
public readonly ref struct EntryRecord
{
    private const int SignatureSize = 64;
    private readonly ReadOnlySpan<byte> _value;

    public EntryRecord(ReadOnlySpan<byte> value)
    {
        _value = value;
    }

    public EntryFlags Flags => (EntryFlags)_value[0];

    public ReadOnlySpan<byte> Header => _value[3..HeaderEnd];

    /// <summary>The device's signature on this entry; empty when a later one of its chain covers it.</summary>
    public ReadOnlySpan<byte> Signature => _value[HeaderEnd..SignatureEnd];

    public ReadOnlySpan<byte> Body => _value[SignatureEnd..];

    public bool HasBody => (Flags & (EntryFlags.BodyAbsent | EntryFlags.Erased)) == 0;

    private int HeaderEnd => 3 + BinaryPrimitives.ReadUInt16LittleEndian(_value[1..]);

    private int SignatureEnd => HeaderEnd + ((Flags & EntryFlags.Signed) != 0 ? SignatureSize : 0);

    /// <param name="flags">Without <see cref="EntryFlags.Signed"/>: that follows from <paramref name="signature"/>.</param>
    /// <param name="header">At most 65,535 bytes.</param>
    /// <param name="signature">64 bytes, or empty.</param>
    /// <param name="body">Sealed; empty when absent.</param>
    public static byte[] Encode(
        EntryFlags flags, ReadOnlySpan<byte> header, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> body)
    {
        var value = new byte[3 + header.Length + signature.Length + body.Length];
        value[0] = (byte)(signature.IsEmpty ? flags & ~EntryFlags.Signed : flags | EntryFlags.Signed);
        BinaryPrimitives.WriteUInt16LittleEndian(value.AsSpan(1), (ushort)header.Length);
        header.CopyTo(value.AsSpan(3));
        signature.CopyTo(value.AsSpan(3 + header.Length));
        body.CopyTo(value.AsSpan(3 + header.Length + signature.Length));
        return value;
    }
}

/// <summary>What a replica knows of an entry beside its bytes. Only <see cref="Deleted"/> is part of the state hash.</summary>
[Flags]
public enum EntryFlags : byte
{
    None = 0,

    /// <summary>A counting deletion names it.</summary>
    Deleted = 1,

    /// <summary>It came more than a minute behind the newest message.</summary>
    Late = 2,

    /// <summary>Its body never came.</summary>
    BodyAbsent = 4,

    /// <summary>Its body was here and is gone: it was deleted, or was an edit of something deleted.</summary>
    Erased = 8,

    /// <summary>Its device's signature on it is here.</summary>
    Signed = 16,

    /// <summary>It reports a device that was reported here before.</summary>
    Repeated = 32,

    /// <summary>The secret that opens it came after it: subscribers are told of it where that was.</summary>
    Awaited = 64,
}
