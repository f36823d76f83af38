using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>A replica goes on after a restart as if there had been none, or says what the store lacks.</summary>
public sealed class ReplicaLoadTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly ReplicaDevice _carol = new("carol");

    public ReplicaLoadTests() => ReplicaDevice.Group(_alice, _bob, _carol);

    [Fact]
    public void What_others_may_be_told_is_what_was_durable()
    {
        _bob.Receive(_alice.Say("hello"));
        var (frontier, hash, cursor) = (_bob.Replica.DurableFrontier, _bob.Replica.DurableStateHash, _bob.Replica.LastCursor);
        _bob.Restart();
        _bob.Replica.IsKept.ShouldBeTrue();
        _bob.Replica.DurableFrontier.Heads.ShouldBe(frontier.Heads);
        (_bob.Replica.DurableStateHash, _bob.Replica.LastCursor).ShouldBe((hash, cursor));
        _bob.Persist().ShouldBeFalse("nothing has happened since");
        _bob.Replica.DurableFrontier.Heads.ShouldBe(frontier.Heads);
        _bob.Replica.DurableStateHash.ShouldBe(hash);

        _bob.Offer(_alice.Say("again"));
        _bob.Replica.Flush();
        _bob.Persist().ShouldBeTrue();
        _bob.Replica.Settled(_bob.Replica.LastArrival, new EventCursor(1)).ShouldBeFalse();
        _bob.Persist().ShouldBeFalse();
    }

    [Fact]
    public void What_waited_is_forgotten_and_the_first_batch_says_so()
    {
        _alice.Say("lost");
        _bob.Receive(_alice.Say("waits"));
        var before = _bob.Changes;
        _bob.Restart();
        _bob.Changes.ShouldBe(before + 1);
        _bob.Settle();
        _bob.Restart();
        _bob.Changes.ShouldBe(before + 1);
    }

    [Fact]
    public void One_entry_that_was_parked_is_forgotten_too()
    {
        var hlc = HybridTimestamp.FromMilliseconds(_bob.Wall + (long)TimeSpan.FromMinutes(6).TotalMilliseconds);
        _bob.Receive(_alice.Sign(_alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Hlc = hlc })));
        _bob.Replica.ParkedCount.ShouldBe(1);
        var before = _bob.Changes;
        _bob.Restart();
        _bob.Changes.ShouldBe(before + 1);
    }

    [Fact]
    public void A_start_reads_no_more_of_a_longer_chain()
    {
        var before = Rows();
        for (var i = 0; i < 20; i++)
        {
            _bob.Say($"{i}");
        }

        Rows().ShouldBe(before);

        long Rows()
        {
            _bob.Restart();
            return _bob.Cost[CostKind.Row];
        }
    }

    [Fact]
    public void A_fork_that_was_reported_is_not_reported_again()
    {
        var copy = _alice.Copied();
        _bob.Receive([.. _alice.Say("one"), .. copy.Say("other")]);
        _bob.Replica.HasForks.ShouldBeTrue();
        _bob.Restart();
        _bob.Replica.HasForks.ShouldBeTrue();
        _bob.Replica.HasUnreportedForks.ShouldBeTrue();
        _bob.Replica.ReportForks(_bob.Now);
        var report = _bob.Settle();
        report.SelectMany(run => run.Entries).ShouldContain(entry => entry.Header.Kind == EntryKind.EquivocationReport);
        _bob.Restart();
        _bob.Replica.HasUnreportedForks.ShouldBeFalse();
        _bob.Replica.Devices.Single(log => log.Device == _alice.Device).IsReported.ShouldBeTrue();

        // It goes on after that, and what is kept of it says still that it was reported.
        _bob.Receive(copy.Say("more"));
        _bob.Restart();
        _bob.Replica.HasUnreportedForks.ShouldBeFalse();
    }

    [Fact]
    public void A_conversation_without_a_fork_has_none_after_a_restart()
    {
        _bob.Restart();
        _bob.Replica.HasForks.ShouldBeFalse();
    }

    [Fact]
    public void What_is_late_is_seen_from_the_last_message_also_after_a_restart()
    {
        var late = _alice.Say("late");
        _bob.Receive(_carol.Say("as old as that"));
        _carol.Now += Limits.LateAfter + TimeSpan.FromMilliseconds(1);
        _bob.Receive(_carol.Say("newest"));
        _bob.Restart();
        _bob.Receive(late);
        _bob.Stored(late[^1].Last.Id).Flags.ShouldBe(EntryFlags.Late);
    }

    [Fact]
    public void Places_of_what_became_readable_later_are_counted_on()
    {
        var secret = TestKeys.Named("late secret");
        var epoch = _alice.Control(EntryKind.Epoch, _alice.Epoch(secret, _bob.Device));
        _bob.Receive([.. epoch, .. _alice.Settle()]);
        var under = _alice.Forge(EntryKind.Message, new MessageBody { Text = "later" }, header => header with { Epoch = epoch[^1].Last.Id });
        _bob.Receive(_alice.Sign(under));
        var before = _bob.Replica.LastCursor.Position;
        _bob.Replica.LearnSecret(epoch[^1].Last.Id, secret.ToArray());
        _bob.Replica.LastCursor.Position.ShouldBe(before + 1);
        _bob.Settle();
        _bob.Restart();
        _bob.Replica.LastCursor.Position.ShouldBe(before + 1);
        _bob.Settle();
        _bob.Restart();
        _bob.Replica.LastCursor.Position.ShouldBe(before + 1);
    }

    [Fact]
    public void Sets_of_concurrent_authority_entries_are_kept_once_and_found_again()
    {
        // Three authority entries that do not know of each other, and messages that know of two that did not come one after the other.
        _alice.Grant(new ReplicaDevice("dave"));
        var (leave, stepDown) = (_carol.Leave(), Reader(_bob));
        Rows(_bob).ShouldBe(0, "one head is its own closure");
        var erin = new ReplicaDevice("erin");
        erin.Join(_alice);
        var all = _alice.Everything();
        erin.Receive([.. all, .. stepDown, .. leave]);

        // Alice knows of Carol's leaving, and not of Bob's.
        _alice.Receive(leave);
        var message = _alice.Say("after two of them");
        erin.Receive(message);
        Rows(erin).ShouldBe(1);
        var id = message.SelectMany(run => run.Entries).Last(entry => entry.Header.Kind == EntryKind.Message).Id;
        erin.Restart();
        var authors = erin.Replica.AuthorOf(erin.Replica.FindInfo(id)!);
        authors.ShouldBe(_alice.Identity);
        var next = _alice.Say("again");
        erin.Offer(next);
        erin.Replica.Knows(next[^1].Last.Id).ShouldBeTrue();
        erin.Replica.Flush();
        erin.Batch.Changes.ShouldNotContain(change => change.Key[0] == (byte)'h' && change.Family == ColumnFamily.Conversations);
        erin.Persist();

        erin.Store.Write(Without(erin, ColumnFamily.Conversations, StoreKeys.AuthorityHeads(erin.Number, next[^1].Last.Header.Authority)));
        Should.Throw<StoreException>(erin.Restart).Message.ShouldContain("restore the home");
    }

    [Theory]
    [InlineData("control key")]
    [InlineData("genesis")]
    public void A_store_that_lacks_what_a_replica_needs_is_said_to_be_damaged(string what)
    {
        _bob.Store.Write(what == "genesis"
            ? Without(_bob, ColumnFamily.Entries, StoreKeys.Entry(_bob.Number, 1))
            : Without(_bob, ColumnFamily.Secrets, StoreKeys.ControlKey(_bob.Number)));
        Should.Throw<StoreException>(_bob.Restart).Message.ShouldContain("restore the home");
    }

    private static SignedRun[] Reader(ReplicaDevice who) => who.Control(
        EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(who.Identity.ToArray()), Role = (uint)Role.Reader });

    private static int Rows(ReplicaDevice device) =>
        device.Rows(ColumnFamily.Conversations, StoreKeys.Tagged('h', device.Number));

    private static WriteBatch Without(ReplicaDevice device, ColumnFamily family, byte[] key)
    {
        device.Store.TryGet(family, key, out _).ShouldBeTrue();
        var batch = new WriteBatch();
        batch.Delete(family, key);
        return batch;
    }
}
