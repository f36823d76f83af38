using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Core.Tests.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Sync;

public sealed class SegmentTests
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(100);

    [Fact]
    public void Every_run_reads_as_it_was_written_header_by_header_and_byte_by_byte() =>
        Check.One(s_many, Prop.ForAll(SegmentGenerators.Message.ToArbitrary(), runs =>
        {
            var read = Read(Write(runs), out var malformed);
            malformed.ShouldBeFalse();
            read.Count.ShouldBe(runs.Length);
            foreach (var (before, after) in runs.Zip(read))
            {
                after.Device.ShouldBe(before.Device);
                after.Signature.ToArray().ShouldBe(before.Signature.ToArray());
                after.Entries.Count.ShouldBe(before.Entries.Count);
                foreach (var (one, other) in before.Entries.Zip(after.Entries))
                {
                    other.Id.ShouldBe(one.Id);
                    other.HeaderBytes.ToArray().ShouldBe(one.HeaderBytes.ToArray());
                    (other.Body is null).ShouldBe(one.Body is null);
                    (other.Body?.ToArray() ?? []).ShouldBe(one.Body?.ToArray() ?? []);
                }
            }
        }));

    [Fact]
    public void What_is_read_is_written_to_the_same_bytes() =>
        Check.One(s_many, Prop.ForAll(SegmentGenerators.Message.ToArbitrary(), runs =>
        {
            var bytes = Write(runs);
            Write(Read(bytes, out _)).ShouldBe(bytes);
        }));

    [Fact]
    public void A_flipped_bit_is_malformed_or_yields_another_id_or_another_signature()
    {
        var cases = from runs in SegmentGenerators.Message
                    from at in Gen.Choose(0, int.MaxValue)
                    from bit in Gen.Choose(0, 7)
                    select (runs, at, bit);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(800), Prop.ForAll(cases.ToArbitrary(), flip =>
        {
            var bytes = Write(flip.runs);
            bytes[flip.at % bytes.Length] ^= (byte)(1 << flip.bit);
            var read = Read(bytes, out var malformed);
            (malformed || !Proofs(read).SequenceEqual(Proofs(flip.runs))).ShouldBeTrue();
        }));
    }

    [Fact]
    public void A_truncated_message_is_malformed_except_where_a_run_ends()
    {
        var cases = from runs in SegmentGenerators.Message
                    from at in Gen.Choose(0, int.MaxValue)
                    select (runs, at);
        Check.One(s_many, Prop.ForAll(cases.ToArbitrary(), cut =>
        {
            var bytes = Write(cut.runs);
            var length = cut.at % bytes.Length;
            var ends = Enumerable.Range(0, cut.runs.Length).Select(n => Write(cut.runs[..n]).Length).ToList();
            var read = Read(bytes[..length], out var malformed);
            malformed.ShouldBe(!ends.Contains(length));
            Proofs(read).ShouldBe(Proofs(cut.runs[..ends.Count(end => end > 0 && end <= length)]));
        }));
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception() =>
        Check.One(s_many, Prop.ForAll(Generators.Bytes(600).ToArbitrary(), bytes =>
        {
            Read(bytes, out _);
        }));

    [Fact]
    public void Nothing_is_read_behind_a_malformed_run()
    {
        var reader = new SegmentReader(TestKeys.Sodium, SegmentGenerators.Conversation, new byte[40]);
        reader.Read().ShouldBeNull();
        reader.IsMalformed.ShouldBeTrue();
        reader.Read().ShouldBeNull();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_run_has_1_to_64_entries(int count, bool isLegal)
    {
        var chain = new Chain("runs").Extend(count + 1);
        var entries = chain.Entries.Skip(1).Take(Math.Max(count, 1)).ToList();
        var bytes = Write([new SignedRun(entries[0].Header.Device, entries, new byte[64])]);
        if (count == 0)
        {
            bytes[32] = 0;
        }

        Read(bytes, out var malformed, ChainConversation).Count.ShouldBe(isLegal ? 1 : 0);
        malformed.ShouldBe(!isLegal);
    }

    [Fact]
    public void A_run_ends_at_a_seq_divisible_by_64()
    {
        var entries = new Chain("runs").Extend(66).Entries;
        Read(Write([Signed(entries.Skip(63).Take(2))]), out var malformed, ChainConversation).Count.ShouldBe(1);
        malformed.ShouldBeFalse();
        Read(Write([Signed(entries.Skip(64).Take(2))]), out malformed, ChainConversation).ShouldBeEmpty();
        malformed.ShouldBeTrue();
    }

    [Fact]
    public void Lengths_out_of_bounds_are_malformed_and_nothing_is_allocated_for_them()
    {
        var entry = new Chain("runs").Extend(0).Entries[0];
        var bytes = Write([Signed([entry])]);

        // Device, count, seq, flags, HLC (9), depth, kind, authority, then the body's length.
        var bodyLength = bytes.Length - 64 - 1;
        bytes[bodyLength].ShouldBe((byte)0);

        // What the first reading of all sets up is not counted.
        Read(bytes, out var isMalformed, ChainConversation);
        isMalformed.ShouldBeFalse();
        foreach (ulong length in new ulong[] { EntryLimits.MaxBodyBytes + 1, int.MaxValue, 1UL << 31, 1UL << 62, ulong.MaxValue })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Read([.. bytes[..bodyLength], .. Varint(length), .. bytes[(bodyLength + 1)..]], out var malformed, ChainConversation);
            malformed.ShouldBeTrue();
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(EntryLimits.MaxBodyBytes);
        }
    }

    [Fact]
    public void A_number_in_a_longer_form_than_needed_is_malformed()
    {
        var bytes = Write([Signed([new Chain("runs").Extend(0).Entries[0]])]);
        bytes[32].ShouldBe((byte)1);
        Read([.. bytes[..32], 0x81, 0x00, .. bytes[33..]], out var malformed, ChainConversation).ShouldBeEmpty();
        malformed.ShouldBeTrue();
    }

    private static ConversationId ChainConversation { get; } = new(TestKeys.Named("a conversation"));

    private static SignedRun Signed(IEnumerable<Entry> entries)
    {
        Entry[] all = [.. entries];
        return new SignedRun(all[0].Header.Device, all, new byte[64]);
    }

    private static byte[] Write(IReadOnlyList<SignedRun> runs)
    {
        var writer = new SegmentWriter();
        foreach (var run in runs)
        {
            writer.Write(run);
        }

        writer.Length.ShouldBe(writer.Written.Length);
        return writer.Written.ToArray();
    }

    private static List<SignedRun> Read(byte[] bytes, out bool isMalformed, ConversationId? conversation = null)
    {
        var reader = new SegmentReader(TestKeys.Sodium, conversation ?? SegmentGenerators.Conversation, bytes);
        var runs = new List<SignedRun>();
        while (reader.Read() is { } run)
        {
            runs.Add(run);
        }

        isMalformed = reader.IsMalformed;
        return runs;
    }

    /// <summary>What a verifier looks at, and what a body is compared with: the id that is signed, the signature, and every id and body.</summary>
    private static IEnumerable<string> Proofs(IEnumerable<SignedRun> runs) => runs.Select(run =>
        $"{run.Device} {Hex.Of(run.Signature)} " + string.Join(' ', run.Entries.Select(e => $"{e.Id}/{(e.Body is { } b ? Hex.Of(b) : "-")}")));

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
