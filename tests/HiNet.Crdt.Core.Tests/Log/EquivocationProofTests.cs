using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class EquivocationProofTests
{
    [Fact]
    public void Two_signed_branches_prove_that_a_device_forked()
    {
        var one = new Chain("device").Extend(70);
        var other = one.ForkAfter(66).Extend(80, "other");
        EquivocationProof.TryCreate(TestKeys.Sodium, one.Path(67, 70), other.Path(67, 80), out var proof).ShouldBeTrue();
        proof.TryVerify(TestKeys.Sodium, out var proven).ShouldBeTrue();
        proven.Device.ShouldBe(TestKeys.Device("device"));
        proven.Seq.ShouldBe(67UL);
        proven.First[0].Id.CompareTo(proven.Second[0].Id).ShouldBeLessThan(0);

        // The same proof whichever branch is named first.
        EquivocationProof.TryCreate(TestKeys.Sodium, other.Path(67, 80), one.Path(67, 70), out var turned).ShouldBeTrue();
        turned.Encode().ShouldBe(proof.Encode());
    }

    [Fact]
    public void A_proof_is_read_back()
    {
        var proof = CreateProof();
        EquivocationProof.TryDecode(proof.Encode(), out var decoded).ShouldBeTrue();
        decoded.TryVerify(TestKeys.Sodium, out _).ShouldBeTrue();
        decoded.Encode().ShouldBe(proof.Encode());
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_proof_makes_it_none()
    {
        var bytes = CreateProof().Encode();
        Prop.ForAll(Gen.Choose(0, (bytes.Length * 8) - 1).ToArbitrary(), bit =>
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            (EquivocationProof.TryDecode(flipped, out var proof) && proof.TryVerify(TestKeys.Sodium, out _)).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void One_chain_or_two_seqs_or_two_devices_or_two_conversations_prove_nothing()
    {
        var one = new Chain("device").Extend(10);
        var other = one.ForkAfter(4).Extend(10, "other");
        ShouldProveNothing(one.Path(5, 8), one.Path(5, 10));
        ShouldProveNothing(one.Path(4, 8), other.Path(4, 8));
        ShouldProveNothing(one.Path(5, 8), other.Path(6, 8));
        ShouldProveNothing(one.Path(5, 8), new Chain("another").Extend(10).Path(5, 8));
        ShouldProveNothing(one.Path(5, 8), new Chain("device", "another").Extend(10).Path(5, 8));
    }

    [Fact]
    public void A_path_across_a_multiple_of_64_proves_nothing()
    {
        var chain = new Chain("device").Extend(70);
        chain.Path(60, 64).TryVerify(TestKeys.Sodium, out _).ShouldBeTrue();
        chain.Path(1, 64).TryVerify(TestKeys.Sodium, out _).ShouldBeTrue();
        chain.Path(64, 65).TryVerify(TestKeys.Sodium, out _).ShouldBeFalse();
        chain.Path(0, 1).TryVerify(TestKeys.Sodium, out _).ShouldBeFalse();
        chain.Path(0, 0).TryVerify(TestKeys.Sodium, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_path_with_a_gap_proves_nothing()
    {
        var chain = new Chain("device").Extend(10);
        var path = chain.Path(3, 6);
        new SignedPath([path.Headers[0], path.Headers[2], path.Headers[3]], path.Signature).TryVerify(TestKeys.Sodium, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_longest_proof_fits_its_limit()
    {
        var headers = Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[EntryLimits.MaxHeaderBytes], SegmentRule.Period).ToArray();
        var message = new SignedPath(headers, new byte[EntryLimits.SignatureBytes]).ToMessage();
        var longest = new Protocol.Equivocation { First = message, Second = message }.ToByteArray();
        longest.Length.ShouldBe(EntryLimits.MaxProofBytes);
        EquivocationProof.TryDecode(longest, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_proof_without_one_of_its_branches_is_none()
    {
        var message = Protocol.Equivocation.Parser.ParseFrom(CreateProof().Encode());
        EquivocationProof.TryDecode(new Protocol.Equivocation { First = message.First }.ToByteArray(), out _).ShouldBeFalse();
        EquivocationProof.TryDecode(new Protocol.Equivocation { Second = message.Second }.ToByteArray(), out _).ShouldBeFalse();
    }

    internal static EquivocationProof CreateProof()
    {
        var one = new Chain("device").Extend(3);
        var other = one.ForkAfter(1).Extend(4, "other");
        EquivocationProof.TryCreate(TestKeys.Sodium, one.Path(2, 3), other.Path(2, 4), out var proof).ShouldBeTrue();
        return proof;
    }

    private static void ShouldProveNothing(SignedPath one, SignedPath other) =>
        EquivocationProof.TryCreate(TestKeys.Sodium, one, other, out _).ShouldBeFalse();
}
