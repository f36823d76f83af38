using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// Opens slots that the DHT gave, and believes nothing: not the storing node, not another member. Cheap checks first; a slot that
/// passes them costs one signature, one blinding and one signature for each step of the certificate, and one more for a card.
/// <c>specs/13-records.md</c>, "Reading".
/// </summary>
public static class RecordReader
{
    /// <summary>What the slot says, or why it says nothing. Never throws for what is in the slot.</summary>
    /// <param name="cryptography">Opens and verifies.</param>
    /// <param name="keys">Of the target that was looked up.</param>
    /// <param name="slot">From anybody.</param>
    /// <param name="unixMilliseconds">Wall clock.</param>
    public static OpenedRecord Open(ICryptography cryptography, RendezvousKeys keys, DhtSlot slot, long unixMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentOutOfRangeException.ThrowIfNegative(unixMilliseconds);
        var problem = FindOuterProblem(cryptography, keys, slot, unixMilliseconds);
        if (problem != RecordProblem.None)
        {
            return OpenedRecord.Refused(problem);
        }

        var padded = new byte[slot.Sealed.Length - RecordPadding.SealOverhead];
        if (!RecordCipher.TryOpen(cryptography, keys, slot, padded))
        {
            return OpenedRecord.Refused(RecordProblem.NotSealedForUs);
        }

        if (!RecordPadding.TryUnpad(padded, out var text))
        {
            return OpenedRecord.Refused(RecordProblem.WrongPadding);
        }

        DeviceContact? contact = null;
        DeviceCard? card = null;
        if (keys.Kind == RecordKind.Contact ? !DeviceContact.TryDecode(text, out contact) : !DeviceCard.TryDecode(text, out card))
        {
            return OpenedRecord.Refused(RecordProblem.Malformed);
        }

        var device = contact?.Device ?? card!.Device;
        if (contact is not null ? !contact.Certificate.IsValid(cryptography) : !card!.IsValid(cryptography))
        {
            return OpenedRecord.Refused(RecordProblem.WrongCertificate);
        }

        problem = FindWriterProblem(cryptography, keys, slot, device, unixMilliseconds, out var written);
        return problem == RecordProblem.None ? OpenedRecord.Of(contact, card, written) : OpenedRecord.Refused(problem);
    }

    private static RecordProblem FindOuterProblem(ICryptography cryptography, RendezvousKeys keys, DhtSlot slot, long now)
    {
        if (slot.Target != keys.Target)
        {
            return RecordProblem.WrongTarget;
        }

        if (!RecordPadding.IsSealedSize(slot.Sealed.Length))
        {
            return RecordProblem.WrongSize;
        }

        if (slot.ExpiresUnixSeconds <= now / 1_000)
        {
            return RecordProblem.Expired;
        }

        if (!RecordTime.IsFullHour(slot.ExpiresUnixSeconds) || slot.ExpiresUnixSeconds > RecordTime.Expiry(now + RecordSchedule.OverlapMilliseconds))
        {
            return RecordProblem.WrongExpiry;
        }

        // The storing nodes have verified it, but nobody says that the node which gave it is one: another member could have sealed it.
        Span<byte> writer = stackalloc byte[Bytes32.Size];
        slot.Writer.CopyTo(writer);
        return cryptography.Verify(writer, slot.SignedBytes(cryptography), slot.Signature.Span) ? RecordProblem.None : RecordProblem.WrongSignature;
    }

    private static RecordProblem FindWriterProblem(
        ICryptography cryptography, RendezvousKeys keys, DhtSlot slot, DeviceId device, long now, out long written)
    {
        written = 0;
        if (keys.Writer(cryptography, device) != slot.Writer)
        {
            return RecordProblem.WrongWriter;
        }

        Span<byte> factor = stackalloc byte[Bytes32.Size];
        var mask = keys.DeriveDevice(cryptography, device, factor);
        cryptography.Wipe(factor);
        if (RecordTime.Written(mask, slot.Sequence) is not { } time
            || time < keys.WrittenFrom
            || time >= keys.WrittenUntil
            || RecordTime.Expiry(time) != slot.ExpiresUnixSeconds)
        {
            return RecordProblem.WrongTime;
        }

        if (time > now + RecordSchedule.OverlapMilliseconds)
        {
            return RecordProblem.WrittenInFuture;
        }

        written = time;
        return RecordProblem.None;
    }
}
