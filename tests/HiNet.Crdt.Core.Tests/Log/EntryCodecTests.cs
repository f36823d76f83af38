using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class EntryCodecTests
{
    private static readonly Config s_thousand = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    [Fact]
    public void A_header_decodes_to_itself() => Check.One(s_thousand, Prop.ForAll(Generators.Header.ToArbitrary(), header =>
    {
        var bytes = EntryCodec.Encode(header);
        EntryCodec.TryDecode(bytes, out var decoded, out var problem).ShouldBeTrue();
        problem.ShouldBe(HeaderProblem.None);
        decoded.ShouldBe(header);
    }));

    [Fact]
    public void The_encoding_is_what_protobuf_generates() => Check.One(s_thousand, Prop.ForAll(Generators.Header.ToArbitrary(), header =>
    {
        var bytes = EntryCodec.Encode(header);
        bytes.ShouldBe(GeneratedFrom(header).ToByteArray());

        // And the other way: what the generated code reads, ours reads alike.
        var generated = Protocol.EntryHeader.Parser.ParseFrom(bytes);
        generated.ShouldBe(GeneratedFrom(header));
    }));

    [Fact]
    public void The_longest_header_is_as_long_as_headers_may_be()
    {
        EntryId[] parents = [.. Enumerable.Range(1, EntryLimits.MaxParents).Select(i => new EntryId(Generators.Drawn(i))).Order()];
        var longest = new EntryHeader
        {
            Suite = uint.MaxValue,
            Conversation = new ConversationId(Generators.Drawn(101)),
            Device = new DeviceId(Generators.Drawn(102)),
            Seq = ulong.MaxValue,
            Previous = new EntryId(Generators.Drawn(103)),
            Parents = parents,
            Hlc = new HybridTimestamp(ulong.MaxValue),
            Depth = ulong.MaxValue,
            Authority = Generators.Drawn(104),
            Kind = uint.MaxValue,
            Epoch = new EntryId(Generators.Drawn(105)),
            BodyLength = EntryLimits.MaxBodyBytes,
            BodyHash = Generators.Drawn(106),
        };
        var bytes = EntryCodec.Encode(longest);
        bytes.Length.ShouldBe(EntryLimits.MaxHeaderBytes);
        EntryCodec.EncodePrefix(longest).Length.ShouldBe(EntryLimits.MaxPrefixBytes);
        EntryCodec.TryDecode(bytes, out var decoded, out _).ShouldBeTrue();
        decoded.ShouldBe(longest);
        EntryCodec.TryDecode([.. bytes, 0], out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(HeaderProblem.WrongSize);
    }

    [Fact]
    public void Changed_bytes_decode_to_themselves_or_not_at_all()
    {
        var mutations = from header in Generators.Header
                        from kind in Gen.Choose(0, 4)
                        from at in Gen.Choose(0, 10_000)
                        from value in Gen.Choose(0, 255)
                        select Mutate(EntryCodec.Encode(header), kind, at, (byte)value);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(mutations.ToArbitrary(), ShouldRoundTripOrBeRefused));
    }

    [Fact]
    public void Any_bytes_decode_to_themselves_or_not_at_all() =>
        Check.One(s_thousand, Prop.ForAll(Generators.Bytes(900).ToArbitrary(), ShouldRoundTripOrBeRefused));

    [Fact]
    public void Every_beginning_of_a_header_that_is_no_header_is_refused() => Prop.ForAll(Generators.Header.ToArbitrary(), header =>
    {
        var bytes = EntryCodec.Encode(header);
        var ends = Enumerable.Range(0, bytes.Length).Where(length => EntryCodec.TryDecode(bytes.AsSpan(0, length), out _, out _)).ToArray();

        // Without its last two fields, a header that has them is that of an entry without a body; and a kind that is not
        // known may be without an epoch.
        var prefix = EntryCodec.PrefixLength(header, bytes.Length);
        int[] expected = [
            .. header.Epoch is not null && !EntryKind.IsKnown(header.Kind) ? [prefix - 34] : Array.Empty<int>(),
            .. header.BodyLength > 0 ? [prefix] : Array.Empty<int>()];
        ends.ShouldBe(expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_prefix_is_the_header_without_the_body() => Prop.ForAll(Generators.Header.ToArbitrary(), header =>
    {
        var prefix = EntryCodec.EncodePrefix(header);
        EntryCodec.Prefix(header, EntryCodec.Encode(header)).ToArray().ShouldBe(prefix);
        prefix.ShouldBe(EntryCodec.Encode(header with { BodyLength = 0, BodyHash = default }));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_longest_header_is_as_long_as_the_limit()
    {
        var parents = Enumerable.Range(0, 16).Select(i => new EntryId(Generators.Drawn(i))).Order().ToArray();
        var header = new EntryHeader
        {
            Suite = uint.MaxValue,
            Conversation = new ConversationId(Generators.Drawn(20)),
            Device = new DeviceId(Generators.Drawn(21)),
            Seq = ulong.MaxValue,
            Previous = new EntryId(Generators.Drawn(22)),
            Parents = parents,
            Hlc = new HybridTimestamp(ulong.MaxValue),
            Depth = ulong.MaxValue,
            Authority = Generators.Drawn(23),
            Kind = uint.MaxValue,
            Epoch = new EntryId(Generators.Drawn(24)),
            BodyLength = EntryLimits.MaxBodyBytes,
            BodyHash = Generators.Drawn(25),
        };
        EntryCodec.Encode(header).Length.ShouldBe(EntryLimits.MaxHeaderBytes);
        EntryCodec.EncodePrefix(header).Length.ShouldBe(EntryLimits.MaxPrefixBytes);
    }

    [Fact]
    public void A_header_beyond_the_limit_is_refused_unread()
    {
        EntryCodec.TryDecode(new byte[EntryLimits.MaxHeaderBytes + 1], out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(HeaderProblem.WrongSize);
    }

    [Fact]
    public void A_body_of_one_byte_is_one()
    {
        var header = Minimal() with { BodyLength = 1, BodyHash = Generators.Drawn(7) };
        EntryCodec.TryDecode(EntryCodec.Encode(header), out var decoded, out _).ShouldBeTrue();
        decoded.ShouldBe(header);
        Problem([.. EntryCodec.EncodePrefix(header), 13 << 3, 1]).ShouldBe(HeaderProblem.Truncated);
        Problem([.. EntryCodec.EncodePrefix(header), 13 << 3, 1, 0]).ShouldBe(HeaderProblem.BodyHashMismatch);
    }

    [Fact]
    public void A_hash_of_no_body_is_no_header() =>
        Problem([.. EntryCodec.Encode(Minimal()), (14 << 3) | 2, 32, .. Generators.Drawn(7).ToArray()]).ShouldBe(HeaderProblem.BodyHashMismatch);

    [Fact]
    public void Of_another_version_nothing_more_is_read()
    {
        Problem([1 << 3, 2]).ShouldBe(HeaderProblem.UnknownVersion);
        Problem([]).ShouldBe(HeaderProblem.Truncated);
    }

    [Fact]
    public void A_conversation_of_zeros_is_left_out()
    {
        var header = Minimal() with { Conversation = default, Kind = EntryKind.Genesis };
        var bytes = EntryCodec.Encode(header);
        EntryCodec.TryDecode(bytes, out _, out _).ShouldBeTrue();

        // Version and suite have two bytes each.
        Problem([.. bytes[..4], (3 << 3) | 2, 32, .. new byte[32], .. bytes[4..]]).ShouldBe(HeaderProblem.NotCanonical);
    }

    [Fact]
    public void Too_many_parents_are_the_first_that_is_wrong()
    {
        EntryId[] parents = [.. Enumerable.Range(1, EntryLimits.MaxParents).Select(i => new EntryId(Generators.Drawn(i))).Order()];
        var bytes = EntryCodec.Encode(Minimal() with { Parents = parents, Depth = 1 });
        var first = bytes.AsSpan().IndexOf(parents[0].ToArray()) - 2;
        Problem([.. bytes[..first], .. bytes[first..(first + 34)], .. bytes[first..]]).ShouldBe(HeaderProblem.TooManyParents);

        // The seq of a second entry, whose previous is missing.
        byte[] second = [5 << 3, 1];
        Problem([.. bytes[..first], .. second, .. bytes[first..(first + 34)], .. bytes[first..]]).ShouldBe(HeaderProblem.TooManyParents);
    }

    internal static Protocol.EntryHeader GeneratedFrom(EntryHeader header)
    {
        var generated = new Protocol.EntryHeader
        {
            Version = header.Version,
            Suite = header.Suite,
            Conversation = header.Conversation.Value.IsZero ? ByteString.Empty : Field(header.Conversation.Value),
            Device = Field(header.Device.Value),
            Seq = header.Seq,
            Previous = header.Previous is { } previous ? Field(previous.Value) : ByteString.Empty,
            Hlc = header.Hlc.Value,
            Depth = header.Depth,
            Authority = Field(header.Authority),
            Kind = header.Kind,
            Epoch = header.Epoch is { } epoch ? Field(epoch.Value) : ByteString.Empty,
            BodyLength = header.BodyLength,
            BodyHash = header.BodyLength > 0 ? Field(header.BodyHash) : ByteString.Empty,
        };
        generated.Parents.AddRange(header.Parents.Select(parent => Field(parent.Value)));
        return generated;
    }

    private static EntryHeader Minimal() => new()
    {
        Conversation = new ConversationId(Generators.Drawn(1)),
        Device = new DeviceId(Generators.Drawn(2)),
        Authority = Generators.Drawn(3),
        Kind = EntryKind.Introduce,
    };

    private static HeaderProblem Problem(byte[] bytes)
    {
        EntryCodec.TryDecode(bytes, out _, out var problem).ShouldBeFalse();
        return problem;
    }

    private static ByteString Field(Bytes32 value) => ByteString.CopyFrom(value.ToArray());

    private static void ShouldRoundTripOrBeRefused(byte[] bytes)
    {
        if (EntryCodec.TryDecode(bytes, out var header, out var problem))
        {
            problem.ShouldBe(HeaderProblem.None);
            EntryCodec.Encode(header).ShouldBe(bytes);
        }
        else
        {
            problem.ShouldNotBe(HeaderProblem.None);
            header.ShouldBeNull();
        }
    }

    private static byte[] Mutate(byte[] bytes, int kind, int at, byte value)
    {
        at %= bytes.Length;
        switch (kind)
        {
            case 0:
                bytes[at] ^= (byte)(1 << (value & 7));
                return bytes;
            case 1:
                bytes[at] = value;
                return bytes;
            case 2:
                return [.. bytes[..at], value, .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. bytes[(at + 1)..]];
            default:
                return [.. bytes, value];
        }
    }
}
