using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>Slots by name, signed.</summary>
internal static class TestSlots
{
    public static DhtSlot Of(string target, string writer, ulong sequence, long expires, int size = 500, byte fill = 7) =>
        At(TestKeys.Named(target), writer, sequence, expires, size, fill);

    public static DhtSlot At(Bytes32 target, string writer, ulong sequence, long expires, int size = 500, byte fill = 7)
    {
        var (key, secret) = TestKeys.Signing(writer);
        var text = new byte[size];
        text.AsSpan().Fill(fill);
        var signature = new byte[DhtSlot.SignatureSize];
        TestKeys.Sodium.Sign(secret, DhtSlot.SignedBytes(TestKeys.Sodium, target, sequence, expires, text), signature);
        return DhtSlot.From(target, key, sequence, expires, text, signature);
    }
}
