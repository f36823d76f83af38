using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Sync;

/// <summary>A message written field by field: what has not this form is refused whole.</summary>
public sealed class SegmentReaderTests
{
    private const SegmentFlags Full = SegmentFlags.HasEpoch | SegmentFlags.HasParents | SegmentFlags.HasBody;

    private static readonly byte[] s_device = TestKeys.Device("phone").ToArray();
    private static readonly byte[] s_previous = TestKeys.Entry("the entry before").ToArray();
    private static readonly byte[] s_signature = new byte[64];

    [Fact]
    public void Each_field_is_read_from_its_place()
    {
        var header = ReadOne(Message()).Header;
        header.Seq.ShouldBe(5UL);
        header.Previous.ShouldBe(TestKeys.Entry("the entry before"));
        header.Hlc.Value.ShouldBe(7UL);
        header.Depth.ShouldBe(9UL);
        header.Kind.ShouldBe(60U);
        header.Epoch.ShouldBe(TestKeys.Entry("epoch"));
        header.Authority.ShouldBe(TestKeys.Named("authority"));
        header.Parents.ShouldBe([TestKeys.Entry("parent")]);
        header.BodyLength.ShouldBe(3U);
    }

    [Theory]
    [InlineData("count", 1)]
    [InlineData("seq", 5)]
    [InlineData("hlc", 7)]
    [InlineData("depth", 9)]
    [InlineData("kind", 60)]
    [InlineData("parents", 1)]
    [InlineData("length", 3)]
    public void A_number_in_a_longer_form_is_malformed_wherever_it_stands(string field, byte value)
    {
        ReadOne(Message((field, [value])));
        ShouldBeMalformed(Message((field, [(byte)(value | 0x80), 0])));
    }

    [Fact]
    public void A_number_has_up_to_ten_bytes_and_64_bits()
    {
        byte[] nine = [.. Enumerable.Repeat((byte)0xff, 9)];
        ReadOne(Message(("hlc", [.. nine, 1]))).Header.Hlc.Value.ShouldBe(ulong.MaxValue);
        ShouldBeMalformed(Message(("hlc", [.. nine, 2])));
        ShouldBeMalformed(Message(("hlc", [.. nine, 0x80, 1])));
        ShouldBeMalformed(Message(("hlc", [.. nine, 0xff, 1])));
    }

    [Fact]
    public void A_number_that_does_not_end_is_not_taken_for_what_stands_behind_it()
    {
        // The second entry's HLC is missing, and its epoch looks like a number without an end.
        byte[] epoch = [.. Enumerable.Repeat((byte)0xff, 32)];
        const SegmentFlags Same = SegmentFlags.NextDepth | SegmentFlags.SameKind | SegmentFlags.SameAuthority;
        const byte Flags = (byte)(Same | SegmentFlags.HasEpoch | SegmentFlags.HasBody);
        var first = Message(("count", [2]))[..^64];
        Read([.. first, Flags, 1, .. epoch, 1, 0xaa, .. s_signature]).Count.ShouldBe(1);
        ShouldBeMalformed([.. first, Flags, .. epoch, 1, 0xaa, .. s_signature]);
    }

    [Fact]
    public void A_message_that_is_cut_short_is_malformed_wherever_that_is()
    {
        foreach (var bytes in new[] { Message(), Verbatim() })
        {
            for (var length = 1; length < bytes.Length; length++)
            {
                ShouldBeMalformed(bytes[..length]);
            }
        }

        ShouldBeMalformed([1, 0]);
        Read([]).ShouldBeEmpty();
    }

    [Fact]
    public void Behind_a_malformed_run_nothing_is_read_and_it_stays_malformed()
    {
        var reader = new SegmentReader(TestKeys.Sodium, SegmentGenerators.Conversation, [.. s_device, 0, .. Message()]);
        for (var i = 0; i < 2; i++)
        {
            reader.Read().ShouldBeNull();
            reader.IsMalformed.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_seq_has_63_bits()
    {
        byte[] eight = [.. Enumerable.Repeat((byte)0xff, 8)];
        byte[] last = [.. eight, 0x7f];
        ReadOne(Message(("seq", last), ("depth", last))).Header.Seq.ShouldBe((ulong)long.MaxValue);
        byte[] beyond = [.. Enumerable.Repeat((byte)0x80, 9), 1];
        ShouldBeMalformed(Message(("seq", beyond), ("depth", beyond)));
    }

    [Fact]
    public void A_kind_has_32_bits()
    {
        ReadOne(Message(("kind", [0xff, 0xff, 0xff, 0xff, 0x0f]))).Header.Kind.ShouldBe(uint.MaxValue);
        ShouldBeMalformed(Message(("kind", [0xbc, 0x80, 0x80, 0x80, 0x10])));
    }

    [Fact]
    public void A_body_that_is_absent_has_a_length_within_the_bound()
    {
        ReadOne(Absent([0x80, 0x80, 8])).Header.BodyLength.ShouldBe((uint)EntryLimits.MaxBodyBytes);
        ShouldBeMalformed(Absent([0x81, 0x80, 8]));

        // 2^32 and three more.
        ShouldBeMalformed(Absent([0x83, 0x80, 0x80, 0x80, 0x10]));
        ShouldBeMalformed(Message(("length", [0x83, 0x80, 0x80, 0x80, 0x10])));

        static byte[] Absent(byte[] length) => Message(
            ("flags", [(byte)(Full & ~SegmentFlags.HasBody)]), ("length", length), ("body", TestKeys.Named("a body").ToArray()));
    }

    [Fact]
    public void Parents_that_are_announced_are_there() =>
        ShouldBeMalformed(Message(("parents", [0]), ("ids", [])));

    [Fact]
    public void A_runs_first_entry_has_none_before_it_to_be_deeper_than() =>
        ShouldBeMalformed(Message(("seq", [1]), ("flags", [(byte)(Full | SegmentFlags.NextDepth)]), ("depth", [])));

    [Fact]
    public void A_header_as_it_is_stands_in_its_place_alone()
    {
        ReadOne(Verbatim()).Header.Suite.ShouldBe(9U);
        ShouldBeMalformed(Verbatim(("flags", [(byte)(SegmentFlags.Verbatim | SegmentFlags.HasBody | SegmentFlags.SameKind)])));
        ShouldBeMalformed(Verbatim(("device", TestKeys.Device("laptop").ToArray())));
        ShouldBeMalformed(Verbatim(("seq", [6])));
    }

    [Fact]
    public void A_header_as_it_is_has_the_body_that_it_names()
    {
        ShouldBeMalformed(Verbatim(("length", [0x83, 0])));
        ShouldBeMalformed(Verbatim(("length", [0x83, 0x80, 0x80, 0x80, 0x10])));
        ReadOne(Verbatim([], ("length", [0])));
        ShouldBeMalformed(Verbatim([], ("length", [3]), ("body", [1, 2, 3])));
    }

    /// <summary>One entry of one device, with every field of its own.</summary>
    private static byte[] Message(params (string Field, byte[] Bytes)[] changes) => Join(
        changes,
        ("device", s_device),
        ("count", [1]),
        ("seq", [5]),
        ("previous", s_previous),
        ("flags", [(byte)Full]),
        ("hlc", [7]),
        ("depth", [9]),
        ("kind", [60]),
        ("epoch", TestKeys.Entry("epoch").ToArray()),
        ("authority", TestKeys.Named("authority").ToArray()),
        ("parents", [1]),
        ("ids", TestKeys.Entry("parent").ToArray()),
        ("length", [3]),
        ("body", [1, 2, 3]),
        ("signature", s_signature));

    private static byte[] Verbatim(params (string Field, byte[] Bytes)[] changes) => Verbatim([1, 2, 3], changes);

    private static byte[] Verbatim(byte[] body, params (string Field, byte[] Bytes)[] changes)
    {
        var header = Entry.CreateWithBody(
            TestKeys.Sodium,
            new EntryHeader
            {
                Suite = 9,
                Conversation = SegmentGenerators.Conversation,
                Device = TestKeys.Device("phone"),
                Seq = 5,
                Previous = TestKeys.Entry("the entry before"),
                Hlc = HybridTimestamp.FromMilliseconds(1_700_000_000_000),
                Depth = 5,
                Authority = TestKeys.Named("authority"),
                Kind = EntryKind.Message,
                Epoch = TestKeys.Entry("epoch"),
            },
            body).HeaderBytes.ToArray();
        return Join(
            changes,
            ("device", s_device),
            ("count", [1]),
            ("seq", [5]),
            ("previous", s_previous),
            ("flags", [(byte)(SegmentFlags.Verbatim | SegmentFlags.HasBody)]),
            ("size", BitConverter.GetBytes((ushort)header.Length)),
            ("header", header),
            ("length", [(byte)body.Length]),
            ("body", body),
            ("signature", s_signature));
    }

    private static byte[] Join((string Field, byte[] Bytes)[] changes, params (string Field, byte[] Bytes)[] fields)
    {
        changes.ShouldAllBe(change => fields.Any(field => field.Field == change.Field));
        return [.. fields.SelectMany(field => changes.FirstOrDefault(change => change.Field == field.Field, field).Bytes)];
    }

    private static Entry ReadOne(byte[] bytes) => Read(bytes).ShouldHaveSingleItem().Entries.ShouldHaveSingleItem();

    private static List<SignedRun> Read(byte[] bytes)
    {
        var runs = Read(bytes, out var isMalformed);
        isMalformed.ShouldBeFalse();
        return runs;
    }

    private static void ShouldBeMalformed(byte[] bytes)
    {
        Read(bytes, out var isMalformed).ShouldBeEmpty();
        isMalformed.ShouldBeTrue();
    }

    private static List<SignedRun> Read(byte[] bytes, out bool isMalformed)
    {
        var reader = new SegmentReader(TestKeys.Sodium, SegmentGenerators.Conversation, bytes);
        var runs = new List<SignedRun>();
        while (reader.Read() is { } run)
        {
            runs.Add(run);
        }

        isMalformed = reader.IsMalformed;
        return runs;
    }
}
