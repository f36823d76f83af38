using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DhtSlotTests
{
    private static readonly DhtSlot s_slot = DhtSlot.From(
        TestKeys.Named("target"), TestKeys.Named("writer"), 7, 1_800_000_000, new byte[] { 1, 2, 3 }, new byte[64]);

    private static Gen<DhtSlot> Slots { get; } =
        from target in Generators.Bytes32
        from writer in Generators.Bytes32
        from sequence in Generators.UInt64
        from expires in Generators.UInt64
        from sealedText in Generators.Bytes(DhtSlot.MaxSealedBytes - 1)
        from signature in Gen.ArrayOf(Generators.Bytes32, 2)
        select DhtSlot.From(
            target,
            writer,
            sequence,
            Math.Max((long)(expires >> 1), 1),
            (byte[])[.. sealedText, 5],
            (byte[])[.. signature[0].ToArray(), .. signature[1].ToArray()]);

    [Fact]
    public void A_slot_is_read_back() => Prop.ForAll(Slots.ToArbitrary(), slot =>
    {
        var bytes = slot.Encode();
        bytes.Length.ShouldBeLessThanOrEqualTo(DhtSlot.MaxBytes);
        DhtSlot.TryDecode(bytes, out var decoded).ShouldBeTrue();
        decoded.Encode().ShouldBe(bytes);
        decoded.SignedBytes(TestKeys.Sodium).ShouldBe(slot.SignedBytes(TestKeys.Sodium));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_that_decode_encode_to_the_same_bytes() => Prop.ForAll(
        Slots.ToArbitrary(), Gen.Choose(0, 1_200).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (slot, at, flip) =>
        {
            var bytes = slot.Encode();
            bytes[at % bytes.Length] ^= (byte)flip;
            if (DhtSlot.TryDecode(bytes, out var decoded))
            {
                decoded.Encode().ShouldBe(bytes);
            }

            DhtSlot.TryDecode(bytes.AsSpan(0, at % bytes.Length), out _).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_longest_slot_is_as_long_as_is_said()
    {
        var slot = DhtSlot.From(s_slot.Target, s_slot.Writer, ulong.MaxValue, long.MaxValue, new byte[DhtSlot.MaxSealedBytes], new byte[64]);
        slot.Encode().Length.ShouldBe(DhtSlot.MaxBytes);
        DhtSlot.TryDecode(slot.Encode(), out var decoded).ShouldBeTrue();
        decoded.Encode().ShouldBe(slot.Encode());
    }

    [Fact]
    public void Keys_have_32_bytes_signatures_64_and_one_sealed_byte_is_enough()
    {
        var message = s_slot.ToMessage();
        message.Sealed = ByteString.CopyFrom(1);
        DhtSlot.TryFrom(message, out _).ShouldBeTrue();
        Action<Slot>[] changes =
        [
            slot => slot.Target = ByteString.CopyFrom(new byte[31]),
            slot => slot.Writer = ByteString.CopyFrom(new byte[33]),
            slot => slot.Signature = ByteString.CopyFrom(new byte[63]),
            slot => slot.Sealed = ByteString.Empty,
            slot => slot.Expires = 0,
            slot => slot.Expires = long.MaxValue + 1UL,
        ];
        foreach (var change in changes)
        {
            var changed = message.Clone();
            change(changed);
            DhtSlot.TryFrom(changed, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Every_field_but_the_writer_is_signed_and_the_writer_is_who_signs()
    {
        byte[] Signed(Bytes32 target, ulong sequence, long expires, byte[] sealedText) =>
            DhtSlot.SignedBytes(TestKeys.Sodium, target, sequence, expires, sealedText);

        var all = new[]
        {
            Signed(s_slot.Target, 7, 1_800_000_000, [1, 2, 3]),
            Signed(s_slot.Writer, 7, 1_800_000_000, [1, 2, 3]),
            Signed(s_slot.Target, 8, 1_800_000_000, [1, 2, 3]),
            Signed(s_slot.Target, 7, 1_800_000_001, [1, 2, 3]),
            Signed(s_slot.Target, 7, 1_800_000_000, [1, 2, 4]),
        };
        all.Select(Convert.ToHexString).Distinct().Count().ShouldBe(all.Length);
        all[0].ShouldBe(s_slot.SignedBytes(TestKeys.Sodium));
        all[0].AsSpan().StartsWith("hinet/v1/dht-slot"u8).ShouldBeTrue();
    }

    [Fact]
    public void Sizes_and_expiry_are_bounded()
    {
        Should.Throw<ArgumentException>(() => DhtSlot.From(default, default, 0, 0, new byte[1], new byte[64]));
        Should.Throw<ArgumentException>(() => DhtSlot.From(default, default, 0, 1, Array.Empty<byte>(), new byte[64]));
        Should.Throw<ArgumentException>(() => DhtSlot.From(default, default, 0, 1, new byte[1_001], new byte[64]));
        Should.Throw<ArgumentException>(() => DhtSlot.From(default, default, 0, 1, new byte[1], new byte[63]));
    }
}
