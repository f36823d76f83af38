using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht.Records;

/// <summary>Alice's phone among people who share a secret, at a time, with what she and others make of it.</summary>
internal static class RecordScene
{
    public const long Now = 1_800_000_000_000;

    public static RendezvousSecret Contacts { get; } = Secret("pair");

    public static RendezvousSecret Cards { get; } = Secret("pair", RecordKind.Prekeys);

    public static DeviceContact Contact { get; } = DeviceContact.Create(
        TestKeys.Certificate("alice", "phone"), new NodeId(TestKeys.Signing("alice's node").Public), ["192.0.2.7:4711", "[2001:db8::1]:4711"]);

    public static DeviceCard Card { get; } = TestKeys.Card("alice", "phone", "Alice");

    public static byte[] PhoneKey { get; } = TestKeys.Signing("phone").SecretKey;

    public static RendezvousSecret Secret(string name, RecordKind kind = RecordKind.Contact) =>
        RendezvousSecret.OfPair(TestKeys.Sodium, TestKeys.Named(name), kind);

    /// <summary>The keys of the period that <paramref name="at"/> lies in, or of one some periods on.</summary>
    public static RendezvousKeys Keys(RendezvousSecret secret, long at = Now, int on = 0) => RendezvousKeys.Derive(
        TestKeys.Sodium, secret, new RecordPeriod(new RecordSchedule(TestKeys.Sodium, secret).PeriodAt(at).Number + on));

    public static DhtSlot Write(RendezvousKeys keys, long at = Now, ulong last = 0) =>
        RecordWriter.Write(TestKeys.Sodium, keys, PhoneKey, Contact, at, last);

    public static OpenedRecord Open(RendezvousKeys keys, DhtSlot slot, long at = Now) => RecordReader.Open(TestKeys.Sodium, keys, slot, at);

    /// <summary>What someone who knows the secret can make: any text in any place, signed with a device key of their own.</summary>
    public static DhtSlot Forge(
        RendezvousKeys keys,
        ReadOnlySpan<byte> padded,
        string signer = "phone",
        long written = Now,
        long? expires = null,
        Bytes32? writer = null)
    {
        var device = TestKeys.Device(signer);
        Span<byte> factor = stackalloc byte[32];
        var mask = keys.DeriveDevice(TestKeys.Sodium, device, factor);
        var sequence = mask + (ulong)written;
        var until = expires ?? RecordTime.Expiry(written);
        var slotWriter = writer ?? keys.Writer(TestKeys.Sodium, device)!.Value;
        var sealedText = RecordCipher.Seal(TestKeys.Sodium, keys, slotWriter, sequence, until, padded);
        return Sign(keys.Target, slotWriter, sequence, until, sealedText, TestKeys.Signing(signer).SecretKey, factor);
    }

    public static DhtSlot Sign(Bytes32 target, Bytes32 writer, ulong sequence, long expires, byte[] sealedText, byte[] secretKey, ReadOnlySpan<byte> factor)
    {
        var signature = new byte[64];
        TestKeys.Sodium.SignBlinded(secretKey, factor, DhtSlot.SignedBytes(TestKeys.Sodium, target, sequence, expires, sealedText), signature);
        return DhtSlot.From(target, writer, sequence, expires, sealedText, signature);
    }
}
