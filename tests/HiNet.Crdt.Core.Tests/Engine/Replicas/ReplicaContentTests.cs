using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Content is indexed when it comes or when its secret comes, and once; what is deleted is gone, whatever came first.</summary>
public sealed class ReplicaContentTests
{
    private static readonly Bytes32 s_secret = TestKeys.Named("late secret");

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");

    public ReplicaContentTests() => ReplicaDevice.Group(_alice, _bob);

    [Fact]
    public void What_no_version_here_can_read_has_no_effect()
    {
        var message = _alice.Say("hello");
        _bob.Receive(message);
        var target = message[^1].Last.Id;
        Receive(Reaction(target, header => header with { Suite = 7 }));
        Relations(target, 'r').ShouldBe(0);
        Receive(Reaction(target));
        Relations(target, 'r').ShouldBe(1);
    }

    [Fact]
    public void What_is_sealed_and_says_nothing_is_counted()
    {
        Receive(_alice.Forge(EntryKind.Reaction, [0xff, 0xff, 0xff]));
        _bob.Counts["hinet.content.malformed"].ShouldBe(1);
    }

    [Fact]
    public void What_waited_for_its_secret_is_indexed_and_told_when_it_comes()
    {
        var message = _alice.Say("hello");
        _bob.Receive(message);
        var target = message[^1].Last.Id;
        var epoch = LateEpoch();
        var reaction = Reaction(target, header => header with { Epoch = epoch });
        Receive(reaction);
        Receive(Reaction(target, header => header with { Epoch = epoch, Suite = 7 }));
        Receive(_alice.Forge(99, new MessageBody(), header => header with { Epoch = epoch }));
        Receive(_alice.Forge(EntryKind.Message, new MessageBody { Text = "bodyless" }, header => header with { Epoch = epoch }).WithBody(null));
        Relations(target, 'r').ShouldBe(0);
        _bob.Rows(ColumnFamily.Parked, StoreKeys.Tagged('u', _bob.Number)).ShouldBe(3);

        var (cursor, changes) = (_bob.Replica.LastCursor.Position, _bob.Changes);
        _bob.Replica.LearnSecret(epoch, s_secret.ToArray());
        _bob.Changes.ShouldBe(changes + 1, "the reaction is told of; the others are not, or were");
        _bob.Replica.LastCursor.Position.ShouldBe(cursor + 1);
        _bob.Settle();
        Relations(target, 'r').ShouldBe(1);
        _bob.Store.TryGet(ColumnFamily.Relations, StoreKeys.Relation(target, 'r', reaction.Header.Hlc, reaction.Id), out _).ShouldBeTrue();
        _bob.Rows(ColumnFamily.Parked, StoreKeys.Tagged('u', _bob.Number)).ShouldBe(0);
    }

    [Fact]
    public void What_waited_and_does_not_open_under_its_secret_says_nothing()
    {
        var epoch = LateEpoch();
        var header = _alice.Forge(EntryKind.Reaction, [], unsealed => unsealed with { Epoch = epoch }).Header;
        Receive(Entry.CreateWithBody(TestKeys.Sodium, header, new byte[40]));
        _bob.Replica.LearnSecret(epoch, s_secret.ToArray());
        _bob.Replica.SecretOf(epoch).ShouldBe(s_secret.ToArray());
        _bob.Counts.ShouldNotContainKey("hinet.content.malformed");
    }

    [Fact]
    public void A_secret_that_is_learnt_twice_opens_once_and_a_wrong_one_nothing()
    {
        var epoch = LateEpoch();
        var meetings = _bob.MeetingChanges;
        _bob.Replica.LearnSecret(epoch, TestKeys.Named("wrong").ToArray());
        _bob.Replica.SecretOf(epoch).ShouldBeNull();
        _bob.Hits("epoch.secret.wrong").ShouldBe(1);
        _bob.MeetingChanges.ShouldBe(meetings);
        _bob.Replica.LearnSecret(epoch, s_secret.ToArray());
        _bob.Replica.LearnSecret(epoch, s_secret.ToArray());
        _bob.Replica.LearnSecret(epoch, TestKeys.Named("wrong").ToArray());
        _bob.Replica.SecretOf(epoch).ShouldBe(s_secret.ToArray());
        _bob.MeetingChanges.ShouldBe(meetings + 1);
        _bob.Settle();
        _bob.Restart();
        _bob.Replica.SecretOf(epoch).ShouldBe(s_secret.ToArray());
    }

    [Fact]
    public void The_author_of_an_entry_is_who_it_was_in_its_own_past()
    {
        var message = _alice.Say("hello")[^1].Last.Id;
        _alice.Replica.AuthorOf(_alice.Replica.FindInfo(message)!).ShouldBe(_alice.Identity);
        _alice.Replica.AuthorOf(_alice.Replica.FindInfo(new EntryId(_alice.Id.Value))!).ShouldBe(_alice.Identity);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_deletion_that_comes_first_counts_for_its_author_only(bool restarts)
    {
        var (before, others) = (_alice.Copied(), _bob.Copied());
        var (mine, kept) = (_alice.Say("regretted"), _alice.Say("kept"));
        var (target, other) = (mine[^1].Last.Id, kept[^1].Last.Id);
        _bob.Receive(before.Delete(target, other));
        _bob.Receive(others.Delete(target));
        Relations(target, 'd').ShouldBe(2);
        Waiting().ShouldBe(2);
        if (restarts)
        {
            _bob.Restart();
        }

        _bob.Receive(mine);
        _bob.Replica.IsDeleted(target).ShouldBeTrue();
        _bob.Replica.IsErased(target).ShouldBeTrue();
        _bob.Stored(target).Body.ShouldBeEmpty();
        _bob.Replica.Erasures.ShouldBe(1UL);
        Waiting().ShouldBe(1);
    }

    [Fact]
    public void A_deletion_by_somebody_else_that_comes_first_deletes_nothing()
    {
        var message = _alice.Say("not bob's");
        var target = message[^1].Last.Id;
        _bob.Delete(target);
        Waiting().ShouldBe(1);
        _bob.Receive(message);
        _bob.Replica.IsDeleted(target).ShouldBeFalse();
        Waiting().ShouldBe(0);
    }

    [Fact]
    public void A_deletion_that_came_already_erases_no_more_and_a_control_entry_not_at_all()
    {
        var target = _alice.Say("regretted")[^1].Last.Id;
        _alice.Delete(target);
        _alice.Replica.Erasures.ShouldBe(1UL);
        _alice.Delete(target, new EntryId(_alice.Id.Value));
        _alice.Replica.Erasures.ShouldBe(1UL);
        _alice.Replica.IsDeleted(new EntryId(_alice.Id.Value)).ShouldBeFalse();
        _alice.Replica.IsDeleted(TestKeys.Entry("never")).ShouldBeFalse();
    }

    private Entry Reaction(EntryId target, Func<EntryHeader, EntryHeader>? change = null) => _alice.Forge(
        EntryKind.Reaction, new ReactionBody { Target = ReplicaDevice.Bytes(target.ToArray()), Emoji = "👍" }, change);

    /// <summary>Of an epoch that does not open for Bob.</summary>
    private EntryId LateEpoch()
    {
        var epoch = _alice.Control(EntryKind.Epoch, _alice.Epoch(s_secret, _bob.Device));
        _bob.Receive(epoch);
        return epoch[^1].Last.Id;
    }

    private void Receive(Entry entry)
    {
        _bob.Receive(_alice.Sign(entry));
        _bob.Replica.Knows(entry.Id).ShouldBeTrue();
    }

    private int Relations(EntryId target, char kind) => _bob.Rows(ColumnFamily.Relations, StoreKeys.Relations(target, kind));

    private int Waiting() => _bob.Rows(ColumnFamily.Parked, StoreKeys.Tagged('x', _bob.Number));
}
