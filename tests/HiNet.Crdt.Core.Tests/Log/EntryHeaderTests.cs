using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class EntryHeaderTests
{
    private static readonly EntryHeader s_header = new()
    {
        Conversation = new ConversationId(Generators.Drawn(1)),
        Device = new DeviceId(Generators.Drawn(2)),
        Seq = 7,
        Previous = new EntryId(Generators.Drawn(3)),
        Parents = [new EntryId(Generators.Drawn(4)), new EntryId(Generators.Drawn(5))],
        Hlc = new HybridTimestamp(8),
        Depth = 9,
        Authority = Generators.Drawn(6),
        Kind = EntryKind.Message,
        Epoch = new EntryId(Generators.Drawn(7)),
        BodyLength = 10,
        BodyHash = Generators.Drawn(8),
    };

    [Fact]
    public void Headers_are_equal_in_every_field_or_not_at_all()
    {
        EntryHeader[] others =
        [
            s_header with { Version = 2 },
            s_header with { Suite = 2 },
            s_header with { Conversation = new ConversationId(Generators.Drawn(9)) },
            s_header with { Device = new DeviceId(Generators.Drawn(9)) },
            s_header with { Seq = 6 },
            s_header with { Previous = null },
            s_header with { Parents = [new EntryId(Generators.Drawn(4))] },
            s_header with { Hlc = new HybridTimestamp(9) },
            s_header with { Depth = 8 },
            s_header with { Authority = Generators.Drawn(9) },
            s_header with { Kind = EntryKind.Edit },
            s_header with { Epoch = null },
            s_header with { BodyLength = 11 },
            s_header with { BodyHash = Generators.Drawn(9) },
        ];
        (s_header with { Parents = [.. s_header.Parents] }).ShouldBe(s_header);
        s_header.Equals(null).ShouldBeFalse();
        foreach (var other in others)
        {
            other.Equals(s_header).ShouldBeFalse(other.ToString());
            s_header.Equals(other).ShouldBeFalse(other.ToString());
        }
    }

    [Fact]
    public void A_previous_entry_or_a_parent_is_a_predecessor()
    {
        s_header.HasPredecessors.ShouldBeTrue();
        (s_header with { Previous = null }).HasPredecessors.ShouldBeTrue();
        (s_header with { Parents = [] }).HasPredecessors.ShouldBeTrue();
        (s_header with { Previous = null, Parents = [] }).HasPredecessors.ShouldBeFalse();
    }
}
