using System.Buffers.Binary;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// What a secret comes to in one period: where its records are, what they are sealed under, and under which key each device
/// writes. Nothing of it can be told to belong with another period's without the secret. <c>specs/13-records.md</c>, "Keys".
/// </summary>
public sealed class RendezvousKeys
{
    private const int KeySize = 32;
    private const int MaskSize = 6;

    private readonly byte[] _blinding;

    private RendezvousKeys(RecordKind kind, RecordPeriod period, Bytes32 target, byte[] keys, byte[] blinding, long writtenFrom, long writtenUntil)
    {
        Kind = kind;
        Period = period;
        Target = target;
        SealingKey = keys.AsMemory(0, KeySize);
        NonceKey = keys.AsMemory(KeySize);
        _blinding = blinding;
        WrittenFrom = writtenFrom;
        WrittenUntil = writtenUntil;
    }

    /// <summary>What the records say.</summary>
    public RecordKind Kind { get; }

    /// <summary>The period that the keys are for.</summary>
    public RecordPeriod Period { get; }

    /// <summary>Where the records are in the DHT.</summary>
    public Bytes32 Target { get; }

    /// <summary>XChaCha20-Poly1305, 32 bytes.</summary>
    internal ReadOnlyMemory<byte> SealingKey { get; }

    /// <summary>Keys the hash that makes nonces; 32 bytes.</summary>
    internal ReadOnlyMemory<byte> NonceKey { get; }

    /// <summary>Unix milliseconds from which on the period's records are written.</summary>
    internal long WrittenFrom { get; }

    /// <summary>Unix milliseconds before which they are written.</summary>
    internal long WrittenUntil { get; }

    /// <summary>The keys of one period.</summary>
    public static RendezvousKeys Derive(ICryptography cryptography, RendezvousSecret secret, RecordPeriod period)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(secret);
        var keys = new byte[2 * KeySize];
        secret.Expand(cryptography, Domains.RecordKeys, period, keys);
        var blinding = new byte[KeySize];
        secret.Expand(cryptography, Domains.RecordBlinding, period, blinding);
        var schedule = new RecordSchedule(cryptography, secret);
        return new RendezvousKeys(
            secret.Kind,
            period,
            secret.Hash(cryptography, Domains.RecordTarget, period),
            keys,
            blinding,
            schedule.StartOf(period) - RecordSchedule.OverlapMilliseconds,
            schedule.StartOf(period.Next));
    }

    /// <summary>The key that a device writes under; null for a device key that is not a good Ed25519 key, which no valid certificate has.</summary>
    public Bytes32? Writer(ICryptography cryptography, DeviceId device)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> factor = stackalloc byte[KeySize];
        DeriveDevice(cryptography, device, factor);
        Span<byte> key = stackalloc byte[Bytes32.Size];
        device.CopyTo(key);
        Span<byte> writer = stackalloc byte[Bytes32.Size];
        var blinded = cryptography.BlindPublicKey(key, factor, writer);
        cryptography.Wipe(factor);
        return blinded ? new Bytes32(writer) : null;
    }

    /// <summary>
    /// The device's factor (32 bytes), and what is added to the milliseconds of a record's time to make its sequence number: without
    /// it, two slots written in one go would carry one number, and a number would say when the period began.
    /// </summary>
    internal ulong DeriveDevice(ICryptography cryptography, DeviceId device, Span<byte> factor)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        device.CopyTo(key);
        Span<byte> expanded = stackalloc byte[2 * KeySize];
        cryptography.Blake2bJoined(first: Domains.RecordDevice, second: key, digest: expanded, key: _blinding);
        expanded[..KeySize].CopyTo(factor);
        Span<byte> mask = stackalloc byte[sizeof(ulong)];
        mask.Clear();
        expanded.Slice(KeySize, MaskSize).CopyTo(mask);
        cryptography.Wipe(expanded);
        return BinaryPrimitives.ReadUInt64LittleEndian(mask);
    }
}
