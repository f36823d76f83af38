using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What is kept of an entry when it is applied, and what its conversation learns from it.</summary>
public sealed class ReplicaCommitTests
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private int _written;

    public ReplicaCommitTests() => ReplicaDevice.Group(_alice, _bob);

    [Theory]
    [InlineData(EntryKind.Message, 0, EntryFlags.None)]
    [InlineData(EntryKind.Message, 1, EntryFlags.Late)]
    [InlineData(EntryKind.Edit, 1, EntryFlags.None)]
    public void A_message_is_late_more_than_a_minute_behind_the_newest(uint kind, int beyond, EntryFlags expected)
    {
        var late = _alice.Write(kind, new EditBody());
        _bob.Now += Limits.LateAfter + (beyond * s_millisecond);
        _bob.Say("newest");
        _bob.Receive(late);
        _bob.Stored(late[^1].Last.Id).Flags.ShouldBe(expected);
    }

    [Fact]
    public void Ones_own_message_is_never_late()
    {
        var own = _bob.Copied().Say("from before");
        _alice.Now += Limits.LateAfter + s_millisecond;
        _bob.Receive(_alice.Say("newest"));
        _bob.Receive(own);
        _bob.Stored(own[^1].Last.Id).Flags.ShouldBe(EntryFlags.None);
    }

    [Theory]
    [InlineData(0, EntryFlags.None)]
    [InlineData(1, EntryFlags.BodyAbsent | EntryFlags.Awaited)]
    [InlineData(40, EntryFlags.BodyAbsent | EntryFlags.Awaited)]
    public void A_body_is_absent_if_there_was_one(int length, EntryFlags expected)
    {
        var header = _alice.Forge(EntryKind.Message, []).Header;
        var entry = Entry.CreateWithBody(TestKeys.Sodium, header, new byte[length]).WithBody(null);
        _bob.Receive(_alice.Sign(entry));
        _bob.Stored(entry.Id).Flags.ShouldBe(expected);
    }

    [Fact]
    public void What_comes_ahead_of_its_secret_or_its_body_is_awaited_if_it_could_be_told_of_then()
    {
        var epoch = TestKeys.Entry("an epoch that nobody has");
        Flags(EntryKind.Message, header => header).ShouldBe(EntryFlags.None);
        Flags(EntryKind.Message, header => header with { Epoch = epoch }).ShouldBe(EntryFlags.Awaited);
        Flags(EntryKind.Message, header => header with { Epoch = epoch }, hasBody: false).ShouldBe(EntryFlags.BodyAbsent | EntryFlags.Awaited);
        Flags(EntryKind.Message, header => header with { Epoch = epoch, Suite = 7 }).ShouldBe(EntryFlags.None);
        Flags(99, header => header with { Epoch = epoch }).ShouldBe(EntryFlags.None);
    }

    [Fact]
    public void The_node_hears_that_members_have_changed()
    {
        var carol = new ReplicaDevice("carol");
        var before = _bob.AuthorityChanges;
        _bob.Receive(_alice.Say("no member has changed"));
        _bob.AuthorityChanges.ShouldBe(before);
        _bob.Receive(_alice.Grant(carol));
        _bob.AuthorityChanges.ShouldBe(before + 1);
    }

    [Fact]
    public void The_genesis_gives_the_name_whatever_the_invitation_said()
    {
        var carol = new ReplicaDevice("carol");
        var runs = ReplicaDevice.Group(_alice, _bob);
        carol.Create(_alice.Replica.Description with { Name = "said otherwise" }, _alice.Replica.ControlKey.ToArray());
        carol.Receive(runs);
        carol.Replica.Description.Name.ShouldBe("team");
        carol.Restart();
        carol.Replica.Description.Name.ShouldBe("team");
    }

    [Fact]
    public void Secrets_are_drawn()
    {
        _alice.Replica.ControlKey.ToArray().ShouldNotBe(new byte[32]);
        _alice.Replica.SecretOf(_alice.Replica.UsableEpochs().Single()).ShouldNotBe(new byte[32]);
        _alice.Replica.FindInfo(new EntryId(_alice.Id.Value))!.Hlc.Milliseconds.ShouldBe(_alice.Wall);
    }

    [Fact]
    public void A_direct_conversation_appears_with_the_first_message()
    {
        var description = new ConversationDescription(
            new ConversationId(TestKeys.Named("direct")), 7, ConversationKind.Direct, string.Empty, _alice.Identity, IsVisible: false);
        var carol = new ReplicaDevice("carol");
        carol.Create(description, TestKeys.Named("direct key").ToArray());
        carol.Replica.FounderCards = [carol.Card];
        var before = carol.Changes;
        carol.Replica.Show();
        carol.Changes.ShouldBe(before + 1);
        carol.Appearances.ShouldBe(1);
        carol.Replica.Show();
        carol.Appearances.ShouldBe(1);
    }

    private EntryFlags Flags(uint kind, Func<EntryHeader, EntryHeader> change, bool hasBody = true)
    {
        var entry = _alice.Forge(kind, new MessageBody { Text = $"{_written++}" }, change);
        _bob.Receive(_alice.Sign(hasBody ? entry : entry.WithBody(null)));
        return _bob.Stored(entry.Id).Flags;
    }
}
