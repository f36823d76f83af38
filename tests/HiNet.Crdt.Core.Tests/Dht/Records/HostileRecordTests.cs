using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht.Records;

/// <summary>What storing nodes and other members may hand out instead of a record. Nothing throws, and each has its name.</summary>
public sealed class HostileRecordTests
{
    private const long Now = RecordScene.Now;

    private static readonly RendezvousKeys s_keys = RecordScene.Keys(RecordScene.Contacts);
    private static readonly DhtSlot s_slot = RecordScene.Write(s_keys);
    private static readonly byte[] s_padded = RecordPadding.Pad(RecordScene.Contact.Encode());

    [Fact]
    public void Any_changed_byte_of_a_slot_is_noticed() =>
        Prop.ForAll(Gen.Choose(0, s_slot.Encode().Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (at, flip) =>
        {
            var bytes = s_slot.Encode();
            bytes[at] ^= (byte)flip;
            (!DhtSlot.TryDecode(bytes, out var slot) || RecordScene.Open(s_keys, slot).Problem != RecordProblem.None).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_changed_byte_of_the_text_is_refused_even_when_the_device_itself_seals_it()
    {
        HashSet<RecordProblem> seen = [];
        for (var at = 0; at < s_padded.Length; at++)
        {
            foreach (var flip in new byte[] { 1, 0x80, 0xff })
            {
                var padded = (byte[])s_padded.Clone();
                padded[at] ^= flip;
                var opened = RecordScene.Open(s_keys, RecordScene.Forge(s_keys, padded));

                // Node key and endpoints are the device's own to say; everything else is fixed by what is certified.
                if (opened.Problem == RecordProblem.None)
                {
                    opened.Contact!.Device.ShouldBe(RecordScene.Contact.Device);
                    opened.Contact.Certificate.Encode().ShouldBe(RecordScene.Contact.Certificate.Encode());
                }

                seen.Add(opened.Problem);
            }
        }

        seen.Order().ShouldBe([RecordProblem.None, RecordProblem.WrongPadding, RecordProblem.Malformed, RecordProblem.WrongCertificate]);
    }

    [Fact]
    public void Any_text_from_a_member_is_a_record_or_a_named_problem() =>
        Prop.ForAll(Generators.Bytes(918).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (text, pads) =>
        {
            var padded = pads ? RecordPadding.Pad(text) : [.. text, .. new byte[920 - text.Length]];
            RecordScene.Open(s_keys, RecordScene.Forge(s_keys, padded)).Problem
                .ShouldBeOneOf(RecordProblem.Malformed, RecordProblem.WrongPadding, RecordProblem.WrongCertificate);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_sealed_bytes_are_refused() =>
        Prop.ForAll(Generators.Bytes(999).ToArbitrary(), bytes =>
        {
            var slot = DhtSlot.From(s_keys.Target, s_slot.Writer, 1, s_slot.ExpiresUnixSeconds, (byte[])[.. bytes, 0], new byte[64]);
            RecordScene.Open(s_keys, slot).Problem.ShouldBeOneOf(RecordProblem.WrongSize, RecordProblem.WrongSignature);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(511)]
    [InlineData(513)]
    [InlineData(960 - 1)]
    [InlineData(1_000)]
    public void A_slot_of_another_size_than_records_have_is_refused_before_its_signature_is_looked_at(int size)
    {
        var slot = DhtSlot.From(s_keys.Target, s_slot.Writer, 1, s_slot.ExpiresUnixSeconds, new byte[size], new byte[64]);
        var opened = RecordScene.Open(s_keys, slot);
        (opened.Problem, opened.WrittenUnixMilliseconds).ShouldBe((RecordProblem.WrongSize, 0));
    }

    [Fact]
    public void Sealed_bytes_that_are_not_authentic_are_not_taken_for_a_text_of_zeros()
    {
        // The nonce is the one of zeros, which is what stands where nothing could be opened.
        byte[] binding =
        [
            .. s_slot.Target.ToArray(), .. s_slot.Writer.ToArray(), .. BitConverter.GetBytes(s_slot.Sequence), .. BitConverter.GetBytes(s_slot.ExpiresUnixSeconds),
        ];
        var nonce = new byte[32];
        TestKeys.Sodium.Blake2bJoined(binding, new byte[472], nonce, s_keys.NonceKey.Span);
        byte[] sealedText = [.. nonce[..24], .. new byte[512 - 24]];
        var slot = DhtSlot.From(s_slot.Target, s_slot.Writer, s_slot.Sequence, s_slot.ExpiresUnixSeconds, sealedText, new byte[64]);
        RecordCipher.TryOpen(TestKeys.Sodium, s_keys, slot, new byte[472]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, -1, RecordProblem.WrongTime)]
    [InlineData(false, 0, RecordProblem.None)]
    [InlineData(true, -1, RecordProblem.None)]
    [InlineData(true, 0, RecordProblem.WrongTime)]
    public void A_record_written_outside_the_time_of_its_period_is_refused(bool isEnd, int milliseconds, RecordProblem expected)
    {
        var written = (isEnd ? s_keys.WrittenUntil : s_keys.WrittenFrom) + milliseconds;
        Problem(RecordScene.Forge(s_keys, s_padded, written: written), written + 1_000).ShouldBe(expected);
    }

    [Fact]
    public void A_member_cannot_speak_for_another_member_s_device()
    {
        // Under one's own writer with the other's certificate, and under the other's writer with one's own signature.
        Problem(RecordScene.Forge(s_keys, s_padded, signer: "mallory's phone")).ShouldBe(RecordProblem.WrongWriter);
        Problem(RecordScene.Forge(s_keys, s_padded, signer: "mallory's phone", writer: s_slot.Writer)).ShouldBe(RecordProblem.WrongSignature);

        // Nor with a certificate that nobody gave.
        var certificate = TestKeys.Certificate("mallory", "mallory's phone").Encode();
        TestKeys.Identity("alice").CopyTo(certificate.AsSpan(2));
        DeviceCertificate.TryDecode(certificate, out var claimed).ShouldBeTrue();
        var contact = DeviceContact.Create(claimed, RecordScene.Contact.Node, []);
        Problem(RecordScene.Forge(s_keys, RecordPadding.Pad(contact.Encode()), signer: "mallory's phone")).ShouldBe(RecordProblem.WrongCertificate);
    }

    [Fact]
    public void A_slot_moved_to_another_target_or_kept_for_another_period_is_refused()
    {
        var next = RecordScene.Keys(RecordScene.Contacts, on: 1);
        RecordScene.Open(next, s_slot).Problem.ShouldBe(RecordProblem.WrongTarget);
        var moved = DhtSlot.From(next.Target, s_slot.Writer, s_slot.Sequence, s_slot.ExpiresUnixSeconds, s_slot.Sealed, s_slot.Signature);
        RecordScene.Open(next, moved).Problem.ShouldBe(RecordProblem.WrongSignature);

        // A member who signs it again under a key of their own does not get it to open there.
        Span<byte> factor = stackalloc byte[32];
        next.DeriveDevice(TestKeys.Sodium, TestKeys.Device("phone"), factor);
        var writer = next.Writer(TestKeys.Sodium, TestKeys.Device("phone"))!.Value;
        var signed = RecordScene.Sign(next.Target, writer, s_slot.Sequence, s_slot.ExpiresUnixSeconds, s_slot.Sealed.ToArray(), RecordScene.PhoneKey, factor);
        RecordScene.Open(next, signed).Problem.ShouldBe(RecordProblem.NotSealedForUs);
    }

    [Fact]
    public void Records_that_lie_about_time_are_refused()
    {
        var expiry = s_slot.ExpiresUnixSeconds;
        Problem(s_slot, (expiry * 1_000) - 1).ShouldBe(RecordProblem.None);
        Problem(s_slot, expiry * 1_000).ShouldBe(RecordProblem.Expired);
        Problem(RecordScene.Forge(s_keys, s_padded, expires: expiry + 1)).ShouldBe(RecordProblem.WrongExpiry);
        Problem(RecordScene.Forge(s_keys, s_padded, expires: expiry + (5 * 3_600))).ShouldBe(RecordProblem.WrongExpiry);
        Problem(RecordScene.Forge(s_keys, s_padded, expires: long.MaxValue)).ShouldBe(RecordProblem.WrongExpiry);
        Problem(RecordScene.Forge(s_keys, s_padded, expires: expiry - 3_600)).ShouldBe(RecordProblem.WrongTime);
        Problem(RecordScene.Forge(s_keys, s_padded, written: s_keys.WrittenFrom - 1, expires: expiry)).ShouldBe(RecordProblem.WrongTime);
        Problem(RecordScene.Forge(s_keys, s_padded, written: s_keys.WrittenUntil, expires: expiry)).ShouldBe(RecordProblem.WrongTime);
        Problem(RecordScene.Forge(s_keys, s_padded, written: -5, expires: expiry)).ShouldBe(RecordProblem.WrongTime);
        Problem(RecordScene.Forge(s_keys, s_padded, written: long.MinValue, expires: expiry)).ShouldBe(RecordProblem.WrongTime);

        // Three hours ahead is a clock that is wrong, more is a lie, at whatever minute of the hour the reader looks.
        for (var minute = 0; minute < 60; minute += 7)
        {
            var reader = Now - (minute * 60_000L);
            Problem(RecordScene.Forge(s_keys, s_padded, written: reader + (3 * 3_600_000)), reader).ShouldBe(RecordProblem.None);
            Problem(RecordScene.Forge(s_keys, s_padded, written: reader + (3 * 3_600_000) + 1), reader)
                .ShouldBeOneOf(RecordProblem.WrittenInFuture, RecordProblem.WrongExpiry);
        }
    }

    [Fact]
    public void Another_nonce_than_the_text_s_own_is_refused()
    {
        var sealedText = s_slot.Sealed.ToArray();
        byte[] binding = [.. s_slot.Target.ToArray(), .. s_slot.Writer.ToArray(), .. BitConverter.GetBytes(s_slot.Sequence), .. BitConverter.GetBytes(s_slot.ExpiresUnixSeconds)];
        sealedText[0] ^= 1;
        TestKeys.Sodium.SealXChaCha(s_keys.SealingKey.Span, sealedText.AsSpan(0, 24), binding, s_padded, sealedText.AsSpan(24));
        Span<byte> factor = stackalloc byte[32];
        s_keys.DeriveDevice(TestKeys.Sodium, TestKeys.Device("phone"), factor);
        var slot = RecordScene.Sign(s_slot.Target, s_slot.Writer, s_slot.Sequence, s_slot.ExpiresUnixSeconds, sealedText, RecordScene.PhoneKey, factor);
        Problem(slot).ShouldBe(RecordProblem.NotSealedForUs);
    }

    [Fact]
    public void A_text_in_a_size_larger_than_it_needs_and_one_with_more_than_zeros_behind_it_are_refused()
    {
        var text = RecordScene.Contact.Encode();
        byte[] large = [.. s_padded, .. new byte[960 - 512]];
        Problem(RecordScene.Forge(s_keys, large)).ShouldBe(RecordProblem.WrongPadding);
        var trailing = (byte[])s_padded.Clone();
        trailing[^1] = 1;
        Problem(RecordScene.Forge(s_keys, trailing)).ShouldBe(RecordProblem.WrongPadding);
        Should.Throw<ArgumentException>(() => RecordPadding.Pad(new byte[RecordPadding.MaxTextBytes + 1]));
        RecordPadding.TryUnpad(RecordPadding.Pad(text), out var unpadded).ShouldBeTrue();
        unpadded.SequenceEqual(text).ShouldBeTrue();
    }

    private static RecordProblem Problem(DhtSlot slot, long at = Now) => RecordScene.Open(s_keys, slot, at).Problem;
}
