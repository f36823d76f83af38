using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>What people see of entries that no honest node writes, and of a store that lost some.</summary>
public sealed class NodeReaderHostileTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void Of_a_deletion_of_several_messages_the_first_that_counts_is_told()
    {
        var (first, second) = (Mallory.Say("first"), Mallory.Say("second"));
        var alices = _scene.Alice.Send(_scene.Group, "alice's");
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        Mallory.Give(_scene.Alice, Mallory.Sign(first, second, Delete(alices, first.Id, second.Id)));
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        Deleted(_scene.Bob).ShouldBe([(first.Id, Mallory.Secrets.Identity)]);
        _scene.Bob.Texts(_scene.Group).Count(text => text is null).ShouldBe(2);
    }

    [Fact]
    public void The_deletion_of_what_cannot_be_deleted_is_not_told()
    {
        var control = Mallory.Write(Mallory.Draft(EntryKind.Merge), []);
        Mallory.Give(_scene.Alice, Mallory.Sign(control, Delete(control.Id)));
        _scene.Alice.Reader.StatusOf(_scene.Group).Missing.ShouldBe(0);
        _scene.Alice.Hits("content.deletion.awaited").ShouldBe(0);
        Deleted(_scene.Alice).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(64, 1)]
    [InlineData(65, 0)]
    public void A_reaction_that_is_too_long_to_be_shown_is_not_told(int length, int told)
    {
        var target = _scene.Alice.Send(_scene.Group, "alice's");
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        var reaction = Mallory.Write(
            Mallory.Draft(EntryKind.Reaction), new ReactionBody { Target = ByteString.CopyFrom(target.ToArray()), Emoji = new string('x', length) });
        Mallory.Give(_scene.Alice, Mallory.Sign(reaction));
        _scene.Alice.Reader.Events(_scene.Group, default, 1_000).OfType<ReactionAdded>().Count().ShouldBe(told);
    }

    [Fact]
    public void Someone_elses_deletion_of_what_is_deleted_is_not_told()
    {
        var alices = _scene.Alice.Send(_scene.Group, "alice's");
        _scene.Alice.Do(new NodeCommand.Delete(_scene.Group, alices)).ShouldBeOfType<NodeResult.Written>();
        Mallory.Give(_scene.Alice, Mallory.Sign(Delete(alices)));
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        Deleted(_scene.Bob).ShouldBe([(alices, _scene.Alice.Identity)]);
    }

    [Fact]
    public void Under_an_unknown_suite_nothing_is_shown_of_a_text_even_if_it_can_be_opened()
    {
        var entry = Mallory.Write(Mallory.Draft() with { Suite = 9 }, new MessageBody { Text = "in another suite" });
        Mallory.Give(_scene.Alice, Mallory.Sign(entry));
        var shown = _scene.Alice.Reader.Find(_scene.Group, entry.Id).ShouldNotBeNull();
        (shown.Text, shown.IsUnsupported).ShouldBe((null, true));
    }

    [Fact]
    public void Somebody_of_whom_nothing_is_known_is_called_by_the_beginning_of_their_identity()
    {
        var owner = new HostileMember(_scene.World, _scene.Alice, _scene.Group);
        _scene.World.Nodes.Remove(_scene.Alice);
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        var unknown = TestKeys.Identity("somebody");
        var body = new SetRoleBody { Identity = ByteString.CopyFrom(unknown.ToArray()), Role = (uint)Role.Member };
        owner.Give(_scene.Bob, owner.Sign(owner.Write(owner.Draft(EntryKind.SetRole), body)));
        _scene.Bob.Reader.MembersOf(_scene.Group).Single(member => member.Person.Id == unknown).Person.Name.ShouldBe(unknown.ToString()[..8]);
    }

    [Fact]
    public void One_calls_oneself_by_ones_own_name_also_where_nothing_was_said()
    {
        var alice = _scene.Alice;
        (alice.Reader.Self.Id, alice.Reader.Self.Name).ShouldBe((alice.Identity, "alice"));
        alice.Reader.NameOf(alice.Direct(alice)).ShouldBe("alice");
    }

    [Fact]
    public void A_group_is_called_as_its_beginning_says_once_that_has_come()
    {
        var alice = _scene.Alice;
        var carol = _scene.World.Befriend(alice, "carol");
        var direct = carol.Direct(alice);
        carol.Send(direct, "hi");
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        _scene.World.Unlink(alice, carol);
        var liar = new HostileMember(_scene.World, alice, direct);
        liar.Give(carol, liar.Sign(liar.Write(liar.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(_scene.Group.ToArray()),
            ControlKey = ByteString.CopyFrom(Mallory.ControlKey),
            Name = "another name",
        })));
        var reader = carol.Reader;
        reader.NameOf(_scene.Group).ShouldBe("another name");
        alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        _scene.World.Link(carol, alice);
        _scene.World.Pass(TimeSpan.FromSeconds(5));
        reader.NameOf(_scene.Group).ShouldBe("team");
    }

    [Fact]
    public void A_message_whose_entry_the_store_has_lost_is_left_out()
    {
        var lost = _scene.Alice.Send(_scene.Group, "lost");
        var kept = _scene.Alice.Send(_scene.Group, "kept");
        Write(lost, null);
        _scene.Alice.Reader.Find(_scene.Group, lost).ShouldBeNull();
        _scene.Alice.Texts(_scene.Group).ShouldBe([.. _scene.Before, "kept"]);
        _scene.Alice.Reader.Find(_scene.Group, kept).ShouldNotBeNull();
    }

    [Fact]
    public void An_entry_that_is_damaged_in_the_store_is_named_with_its_conversation()
    {
        var damaged = _scene.Alice.Send(_scene.Group, "damaged");
        Write(damaged, EntryRecord.Encode(EntryFlags.None, [1, 2, 3], [], []));
        Should.Throw<StoreException>(() => _scene.Alice.Reader.Find(_scene.Group, damaged)).Message.ShouldContain($"{_scene.Group} is damaged");
    }

    private Entry Delete(params EntryId[] targets)
    {
        var body = new DeleteBody();
        body.Targets.AddRange(targets.Select(target => ByteString.CopyFrom(target.ToArray())));
        return Mallory.Write(Mallory.Draft(EntryKind.Delete), body);
    }

    private IEnumerable<(EntryId Message, IdentityId Author)> Deleted(LoopbackNode node) =>
        node.Reader.Events(_scene.Group, default, 1_000).OfType<MessageDeleted>().Select(deleted => (deleted.Message, deleted.Author.Id));

    /// <summary>Changes an entry where it lies in Alice's store; null takes it away.</summary>
    private void Write(EntryId id, byte[]? value)
    {
        var store = _scene.Alice.Store;
        store.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(id), out var place).ShouldBeTrue();
        var (number, arrival) = EntryPlace.Decode(place);
        var batch = new WriteBatch();
        if (value is null)
        {
            batch.Delete(ColumnFamily.Entries, StoreKeys.Entry(number, arrival));
        }
        else
        {
            batch.Put(ColumnFamily.Entries, StoreKeys.Entry(number, arrival), value);
        }

        store.Write(batch);
    }
}
