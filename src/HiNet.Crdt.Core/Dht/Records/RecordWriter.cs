using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// Makes the slots that a device puts into the DHT: padded, sealed, numbered by time and signed under the key blinded for the
/// period. Equal arguments give equal slots. <c>specs/13-records.md</c>, "Writing".
/// </summary>
public static class RecordWriter
{
    private const int SecretKeySize = 64;

    /// <summary>Says where the device's node is.</summary>
    /// <param name="cryptography">Seals and signs.</param>
    /// <param name="keys">Of a period that <see cref="RecordSchedule.ToWrite"/> gives for the time.</param>
    /// <param name="deviceSecretKey">Expanded Ed25519 secret key of the certified device, 64 bytes.</param>
    /// <param name="contact">What to say.</param>
    /// <param name="unixMilliseconds">Wall clock.</param>
    /// <param name="lastSequence">The device's highest sequence number at this target that is known, 0 for none; the new one is higher.</param>
    /// <exception cref="ArgumentException">Keys of another kind, a secret key of another device, a time at which the period is not written to.</exception>
    public static DhtSlot Write(
        ICryptography cryptography, RendezvousKeys keys, ReadOnlySpan<byte> deviceSecretKey, DeviceContact contact, long unixMilliseconds, ulong lastSequence = 0)
    {
        ArgumentNullException.ThrowIfNull(contact);
        return Write(cryptography, keys, RecordKind.Contact, contact.Device, deviceSecretKey, contact.Encode(), unixMilliseconds, lastSequence);
    }

    /// <summary>Leaves what others need to write to the device while it is gone; otherwise as for a contact.</summary>
    /// <exception cref="ArgumentException">As for a contact.</exception>
    public static DhtSlot Write(
        ICryptography cryptography, RendezvousKeys keys, ReadOnlySpan<byte> deviceSecretKey, DeviceCard card, long unixMilliseconds, ulong lastSequence = 0)
    {
        ArgumentNullException.ThrowIfNull(card);
        return Write(cryptography, keys, RecordKind.Prekeys, card.Device, deviceSecretKey, card.Encode(), unixMilliseconds, lastSequence);
    }

    private static DhtSlot Write(
        ICryptography cryptography,
        RendezvousKeys keys,
        RecordKind kind,
        DeviceId device,
        ReadOnlySpan<byte> deviceSecretKey,
        ReadOnlySpan<byte> text,
        long unixMilliseconds,
        ulong lastSequence)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Kind != kind)
        {
            throw new ArgumentException($"The keys are for records of kind {keys.Kind}.", nameof(keys));
        }

        if (deviceSecretKey.Length != SecretKeySize || new Bytes32(deviceSecretKey[Bytes32.Size..]) != device.Value)
        {
            throw new ArgumentException("The secret key is not the device's.", nameof(deviceSecretKey));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(unixMilliseconds, keys.WrittenFrom);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(unixMilliseconds, keys.WrittenUntil);
        if (keys.Writer(cryptography, device) is not { } writer)
        {
            throw new ArgumentException("The device key is not a good Ed25519 key.", nameof(deviceSecretKey));
        }

        Span<byte> factor = stackalloc byte[Bytes32.Size];
        var mask = keys.DeriveDevice(cryptography, device, factor);
        var sequence = RecordTime.Sequence(mask, unixMilliseconds, lastSequence);
        var expires = RecordTime.Expiry(RecordTime.Written(mask, sequence) ?? unixMilliseconds);
        var sealedText = RecordCipher.Seal(cryptography, keys, writer, sequence, expires, RecordPadding.Pad(text));
        var signature = new byte[DhtSlot.SignatureSize];
        cryptography.SignBlinded(
            deviceSecretKey, factor, DhtSlot.SignedBytes(cryptography, keys.Target, sequence, expires, sealedText), signature);
        cryptography.Wipe(factor);
        return DhtSlot.From(keys.Target, writer, sequence, expires, sealedText, signature);
    }
}
