using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

/// <summary>Headers are read from strangers: where they end early, and what is then said of them.</summary>
public sealed class HeaderReaderTests
{
    private const byte Tag = 0x28;

    private static readonly byte[] s_value = Generators.Drawn(1).ToArray();

    [Fact]
    public void A_number_is_read_up_to_its_last_group_and_refused_at_every_shorter_length()
    {
        foreach (var number in new ulong[] { 1, 127, 128, 16_383, 16_384, uint.MaxValue, 1UL << 56, (1UL << 63) - 1, 1UL << 63, ulong.MaxValue })
        {
            var bytes = Field(number);
            Varint([.. bytes, Tag]).ShouldBe((number, HeaderProblem.None, false));
            Varint(bytes).ShouldBe((number, HeaderProblem.None, true));
            for (var length = 1; length < bytes.Length; length++)
            {
                var (value, problem, _) = Varint(bytes[..length]);
                (value, problem).ShouldBe((0UL, HeaderProblem.Truncated));
            }
        }
    }

    [Theory]
    [InlineData("2800")]
    [InlineData("288000")]
    [InlineData("28ff00")]
    [InlineData("28ffffffffffffffffff02")]
    [InlineData("28ffffffffffffffffff7f")]
    [InlineData("28ffffffffffffffffff00")]
    [InlineData("2880808080808080808000")]
    [InlineData("28ffffffffffffffffffff01")]
    public void A_number_that_is_not_at_its_shortest_or_too_large_is_not_canonical(string hex)
    {
        var (value, problem, _) = Varint(Convert.FromHexString(hex));
        (value, problem).ShouldBe((0UL, HeaderProblem.NotCanonical));
    }

    [Fact]
    public void A_short_number_has_32_bits_and_not_one_more()
    {
        Varint32(Field(uint.MaxValue)).ShouldBe((uint.MaxValue, HeaderProblem.None));
        Varint32(Field(uint.MaxValue + 1UL)).ShouldBe((0u, HeaderProblem.NotCanonical));
        Varint32(Field(ulong.MaxValue)).ShouldBe((0u, HeaderProblem.NotCanonical));
    }

    [Fact]
    public void A_time_has_eight_bytes_and_is_refused_at_every_shorter_length_and_when_zero()
    {
        byte[] bytes = [Tag, 8, 7, 6, 5, 4, 3, 2, 1];
        Fixed64(bytes).ShouldBe((0x0102030405060708UL, HeaderProblem.None, true));
        Fixed64([.. bytes, 0]).ShouldBe((0x0102030405060708UL, HeaderProblem.None, false));
        for (var length = 1; length < bytes.Length; length++)
        {
            Fixed64(bytes[..length]).ShouldBe((0UL, HeaderProblem.Truncated, false));
        }

        Fixed64([Tag, .. new byte[8]]).ShouldBe((0UL, HeaderProblem.NotCanonical, true));
    }

    [Fact]
    public void A_field_of_32_bytes_is_refused_at_every_shorter_length_and_with_every_other_length()
    {
        byte[] bytes = [Tag, 32, .. s_value];
        Bytes(bytes).ShouldBe((true, HeaderProblem.None, true));
        Bytes([.. bytes, 0]).ShouldBe((true, HeaderProblem.None, false));
        for (var length = 1; length < bytes.Length; length++)
        {
            Bytes(bytes[..length]).ShouldBe((false, HeaderProblem.Truncated, false));
        }

        // Another length is wrong whether or not so many bytes are there.
        foreach (var size in new byte[] { 0, 1, 31, 33, 127, 0xa0 })
        {
            Bytes([Tag, size]).ShouldBe((false, HeaderProblem.WrongSize, false));
            Bytes([Tag, size, .. s_value, 0]).ShouldBe((false, HeaderProblem.WrongSize, false));
        }
    }

    [Fact]
    public void A_field_that_has_to_be_there_is_cut_off_at_the_end_and_missing_before_another()
    {
        var reader = new HeaderReader([]);
        reader.Bytes(Tag);
        reader.Problem.ShouldBe(HeaderProblem.Truncated);
        reader = new HeaderReader([Tag + 8]);
        reader.Bytes(Tag);
        reader.Problem.ShouldBe(HeaderProblem.FieldMissing);
    }

    [Fact]
    public void Repeated_fields_are_counted_to_one_beyond_the_limit_and_stay_unread()
    {
        byte[] three = [Tag, 32, .. s_value, Tag, 32, .. s_value, Tag, 32, .. s_value];
        Count([], 5).ShouldBe(0);
        Count(three, 5).ShouldBe(3);
        Count(three, 3).ShouldBe(3);
        Count(three, 2).ShouldBe(3);
        Count(three, 1).ShouldBe(2);
        Count(three, 0).ShouldBe(1);
        Count([.. three, Tag + 8, 32, .. s_value], 5).ShouldBe(3);

        // One that is cut off counts, so that reading it says so.
        Count(three[..^1], 5).ShouldBe(3);
        Count(three[..69], 5).ShouldBe(3);
        Count(three[..68], 5).ShouldBe(2);
        var reader = new HeaderReader(three);
        reader.Count(Tag, 5);
        reader.TryBytes(Tag, out var first).ShouldBeTrue();
        first.ToArray().ShouldBe(s_value);
    }

    [Fact]
    public void The_first_problem_stays_and_nothing_is_found_behind_it()
    {
        var reader = new HeaderReader([Tag, 5, Tag, 32, .. s_value]);
        reader.Fail(HeaderProblem.WrongSize);
        reader.Fail(HeaderProblem.Truncated);
        reader.Problem.ShouldBe(HeaderProblem.WrongSize);
        reader.At(Tag).ShouldBeFalse();
        reader.Varint(Tag).ShouldBe(0UL);
        reader.TryBytes(Tag, out _).ShouldBeFalse();
        reader.Count(Tag, 5).ShouldBe(0);
        reader.Bytes(Tag);
        reader.Problem.ShouldBe(HeaderProblem.WrongSize);
    }

    [Fact]
    public void A_header_that_ends_early_says_so_at_every_length()
    {
        var header = new EntryHeader
        {
            Conversation = new ConversationId(Generators.Drawn(2)),
            Device = new DeviceId(Generators.Drawn(3)),
            Seq = 300,
            Previous = new EntryId(Generators.Drawn(4)),
            Parents = [.. new[] { 5, 6, 7 }.Select(i => new EntryId(Generators.Drawn(i))).Order()],
            Hlc = HybridTimestamp.FromMilliseconds(1_700_000_000_000),
            Depth = 70_000,
            Authority = Generators.Drawn(8),
            Kind = EntryKind.Message,
            Epoch = new EntryId(Generators.Drawn(9)),
            BodyLength = 1_000,
            BodyHash = Generators.Drawn(10),
        };
        var bytes = EntryCodec.Encode(header);
        var withoutBody = EntryCodec.PrefixLength(header, bytes.Length);
        var withoutEpoch = withoutBody - 2 - Bytes32.Size;
        var withoutKind = withoutEpoch - 2;
        for (var length = 0; length < bytes.Length; length++)
        {
            EntryCodec.TryDecode(bytes.AsSpan(0, length), out _, out var problem);

            // Where a field may be absent, what is left is a whole header, of which only a rule can say that something is missing.
            problem.ShouldBe(
                length == withoutBody ? HeaderProblem.None
                : length == withoutEpoch ? HeaderProblem.KindWithoutEpoch
                : length == withoutKind ? HeaderProblem.FieldMissing
                : HeaderProblem.Truncated,
                $"{length} of {bytes.Length} bytes");
        }
    }

    private static byte[] Field(ulong number)
    {
        var bytes = new byte[11];
        var writer = new HeaderWriter(bytes);
        writer.Varint(Tag, number);
        return bytes[..writer.Position];
    }

    private static (ulong Value, HeaderProblem Problem, bool AtEnd) Varint(byte[] bytes)
    {
        var reader = new HeaderReader(bytes);
        return (reader.Varint(Tag), reader.Problem, reader.AtEnd);
    }

    private static (uint Value, HeaderProblem Problem) Varint32(byte[] bytes)
    {
        var reader = new HeaderReader(bytes);
        return (reader.Varint32(Tag), reader.Problem);
    }

    private static (ulong Value, HeaderProblem Problem, bool AtEnd) Fixed64(byte[] bytes)
    {
        var reader = new HeaderReader(bytes);
        return (reader.Fixed64(Tag), reader.Problem, reader.AtEnd);
    }

    private static (bool Found, HeaderProblem Problem, bool AtEnd) Bytes(byte[] bytes)
    {
        var reader = new HeaderReader(bytes);
        var found = reader.TryBytes(Tag, out var value);
        value.ToArray().ShouldBe(found ? s_value : new byte[Bytes32.Size]);
        return (found, reader.Problem, reader.AtEnd);
    }

    private static int Count(byte[] bytes, int limit) => new HeaderReader(bytes).Count(Tag, limit);
}
