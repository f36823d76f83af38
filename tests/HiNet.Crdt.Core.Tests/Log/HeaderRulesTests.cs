using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class HeaderRulesTests
{
    private static readonly EntryId[] s_ids = [.. Enumerable.Range(0, 17).Select(i => new EntryId(Generators.Drawn(i))).Order()];

    private static EntryHeader Message => new()
    {
        Conversation = new ConversationId(Generators.Drawn(100)),
        Device = new DeviceId(Generators.Drawn(101)),
        Seq = 1,
        Previous = s_ids[3],
        Parents = [s_ids[1], s_ids[5]],
        Hlc = HybridTimestamp.FromMilliseconds(1_700_000_000_000),
        Depth = 7,
        Authority = Generators.Drawn(102),
        Kind = EntryKind.Message,
        Epoch = s_ids[0],
        BodyLength = 24,
        BodyHash = Generators.Drawn(103),
    };

    private static EntryHeader Genesis => new()
    {
        Device = new DeviceId(Generators.Drawn(101)),
        Authority = Generators.Drawn(102),
        Kind = EntryKind.Genesis,
    };

    public static TheoryData<string, HeaderProblem> Broken => new()
    {
        { nameof(EntryHeader.Version), HeaderProblem.UnknownVersion },
        { nameof(EntryHeader.Suite), HeaderProblem.FieldMissing },
        { nameof(EntryHeader.Kind), HeaderProblem.FieldMissing },
        { "seq without previous", HeaderProblem.PreviousMissing },
        { "previous at seq 0", HeaderProblem.PreviousUnexpected },
        { "parents descending", HeaderProblem.ParentsUnsorted },
        { "parent twice", HeaderProblem.ParentsUnsorted },
        { "17 parents", HeaderProblem.TooManyParents },
        { "previous among parents", HeaderProblem.ParentIsPrevious },
        { "no depth", HeaderProblem.DepthImpossible },
        { "depth below seq", HeaderProblem.DepthImpossible },
        { "depth without predecessors", HeaderProblem.DepthImpossible },
        { "no conversation", HeaderProblem.ConversationMissing },
        { "genesis in a conversation", HeaderProblem.GenesisMisplaced },
        { "genesis with a parent", HeaderProblem.GenesisMisplaced },
        { "message without epoch", HeaderProblem.KindWithoutEpoch },
        { "deletion with epoch", HeaderProblem.KindWithEpoch },
        { "body too long", HeaderProblem.BodyTooLong },
        { "hash without length", HeaderProblem.BodyHashMismatch },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_header_that_breaks_one_rule_is_named_and_not_encoded(string what, HeaderProblem problem)
    {
        var header = Break(what);
        HeaderRules.Check(header).ShouldBe(problem);
        Should.Throw<ArgumentException>(() => EntryCodec.Encode(header));
        Should.Throw<ArgumentException>(() => EntryCodec.EncodePrefix(header));
    }

    [Fact]
    public void The_unbroken_headers_break_no_rule()
    {
        HeaderRules.Check(Message).ShouldBe(HeaderProblem.None);
        HeaderRules.Check(Genesis).ShouldBe(HeaderProblem.None);
    }

    [Fact]
    public void Unknown_kinds_are_control_without_an_epoch_and_content_with_one()
    {
        foreach (var kind in new uint[] { 8, 31, 37, uint.MaxValue })
        {
            EntryKind.IsKnown(kind).ShouldBeFalse();
            HeaderRules.Check(Message with { Kind = kind }).ShouldBe(HeaderProblem.None);
            HeaderRules.Check(Message with { Kind = kind, Epoch = null }).ShouldBe(HeaderProblem.None);
        }
    }

    [Fact]
    public void An_unknown_suite_is_kept() => HeaderRules.Check(Message with { Suite = 2 }).ShouldBe(HeaderProblem.None);

    private static EntryHeader Break(string what) => what switch
    {
        nameof(EntryHeader.Version) => Message with { Version = 2 },
        nameof(EntryHeader.Suite) => Message with { Suite = 0 },
        nameof(EntryHeader.Kind) => Message with { Kind = 0 },
        "seq without previous" => Message with { Previous = null },
        "previous at seq 0" => Message with { Seq = 0 },
        "parents descending" => Message with { Parents = [s_ids[5], s_ids[1]] },
        "parent twice" => Message with { Parents = [s_ids[5], s_ids[5]] },
        "17 parents" => Message with { Seq = 0, Previous = null, Parents = s_ids },
        "previous among parents" => Message with { Parents = [s_ids[3]] },
        "no depth" => Message with { Depth = 0 },
        "depth below seq" => Message with { Seq = 9, Depth = 8 },
        "depth without predecessors" => Message with { Seq = 0, Previous = null, Parents = [], Depth = 1 },
        "no conversation" => Message with { Conversation = default },
        "genesis in a conversation" => Genesis with { Conversation = Message.Conversation },
        "genesis with a parent" => Genesis with { Parents = [s_ids[0]], Depth = 1 },
        "message without epoch" => Message with { Epoch = null },
        "deletion with epoch" => Message with { Kind = EntryKind.Delete },
        "body too long" => Message with { BodyLength = EntryLimits.MaxBodyBytes + 1 },
        "hash without length" => Message with { BodyLength = 0 },
        _ => throw new ArgumentException($"Nothing known to break: {what}.", nameof(what)),
    };
}
