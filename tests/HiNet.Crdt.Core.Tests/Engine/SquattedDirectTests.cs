using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>
/// Eve is a contact of Bob's, and knows who Carol is. She invites Bob to a group under the id that the direct conversation of the two will have.
/// </summary>
public sealed class SquattedDirectTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _bob;
    private readonly LoopbackNode _carol;
    private readonly LoopbackNode _eveNode;
    private readonly HostileMember _eve;
    private readonly ConversationId _direct;

    public SquattedDirectTests()
    {
        (_bob, _carol) = (_world.Add("bob"), _world.Add("carol"));
        _eveNode = _world.Befriend(_bob, "eve");
        var direct = _eveNode.Direct(_bob);
        _eveNode.Send(direct, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));
        _world.Unlink(_bob, _eveNode);
        _world.Nodes.Remove(_eveNode);
        _eve = new HostileMember(_world, _eveNode, direct);
        _direct = ConversationIds.Direct(LoopbackNode.Cryptography, _bob.Identity, _carol.Identity);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_group_in_its_place_gives_way_to_the_direct_conversation(bool restarts)
    {
        Squat(_direct);
        _bob.Reader.KindOf(_direct).ShouldBe(ConversationKind.Group);
        Restart(restarts);
        Meet();
        _bob.Hits("group.squatter.removed").ShouldBe(1);
        ShouldTalk();
        Restart(restarts);
        ShouldTalk();
        _bob.Group("team", _carol);
    }

    [Fact]
    public void Nothing_stays_of_it()
    {
        var rows = Rows().ToHashSet();
        Squat(_direct);
        var number = _bob.Reader.Describe(_direct)!.Number;
        Meet();
        Rows().Except(rows).Where(row => row.Key.Length >= 10 && Convert.FromHexString(row.Key)[1..5].SequenceEqual(BitConverter.GetBytes(number).Reverse()))
            .ShouldBeEmpty();
        _bob.Reader.Describe(_direct)!.Number.ShouldNotBe(number);
        _bob.Reader.Describe(_direct)!.Handed.ShouldBeEmpty();
    }

    [Fact]
    public void An_invitation_that_waits_to_it_is_forgotten()
    {
        Decide();
        Squat(_direct);
        _bob.Reader.Invitations().Select(waiting => waiting.Name).ShouldBe(["nice group"]);
        Meet();
        _bob.Reader.Invitations().ShouldBeEmpty();
        _bob.Do(new NodeCommand.AcceptInvitation(_direct)).ShouldBeOfType<NodeResult.Refused>();
        ShouldTalk();
    }

    [Fact]
    public void One_that_a_person_accepted_gives_way_too()
    {
        Decide();
        Squat(_direct);
        _bob.Do(new NodeCommand.AcceptInvitation(_direct)).ShouldBeOfType<NodeResult.Opened>();
        Meet();
        ShouldTalk();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_invitation_to_a_direct_conversation_is_refused(bool decides)
    {
        if (decides)
        {
            Decide();
        }

        Meet();
        var before = Rows();
        ConversationId[] directs =
        [
            _direct,
            ConversationIds.Direct(LoopbackNode.Cryptography, _bob.Identity, _eveNode.Identity),
            ConversationIds.Direct(LoopbackNode.Cryptography, _bob.Identity, _bob.Identity),
        ];
        foreach (var id in directs)
        {
            Squat(id);
        }

        _bob.Hits("group.invitation.refused").ShouldBe(3);
        _bob.Reader.Invitations().ShouldBeEmpty();
        Rows().Select(row => row.Key).Except(before.Select(row => row.Key)).Where(key => key.StartsWith("68", StringComparison.Ordinal)).ShouldBeEmpty("no secrets are taken");
        _bob.Direct(_bob);
        _bob.Reader.KindOf(directs[2]).ShouldBe(ConversationKind.Direct);
        ShouldTalk();
    }

    [Fact]
    public void What_somebody_brings_to_it_meanwhile_goes_with_it()
    {
        Squat(_direct);
        var channel = new HostilePeer(_world, _eveNode.Secrets, _bob, _direct, TestKeys.Named("a key").ToArray()).Link();
        channel.IsOpen.ShouldBeTrue();
        channel.Send(Signed("waits"));
        _bob.Core.CausalBufferBytes.ShouldBeGreaterThan(0);

        // One run is still being checked when the group gives way.
        _bob.HoldChecks = true;
        channel.Send(Signed("is being checked"));
        LoopbackScenes.Introduce(_carol, _bob);
        channel.IsOpen.ShouldBeFalse();
        _bob.ReleaseChecks();
        _world.Run();
        _bob.Core.CausalBufferBytes.ShouldBe(0);
        LoopbackScenes.Introduce(_bob, _carol);
        _world.Link(_bob, _carol);
        ShouldTalk();
    }

    [Fact]
    public void A_home_that_had_both_has_the_direct_conversation_from_its_next_start_on()
    {
        Squat(_direct);
        Squat(ConversationIds.Direct(LoopbackNode.Cryptography, _bob.Identity, _bob.Identity));
        var key = StoreKeys.Contact(_carol.Identity);
        var record = new ContactState(_carol.Secrets.Card(LoopbackNode.Cryptography), string.Empty).Encode();
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Contacts, key, _bob.Rows.Seal(ColumnFamily.Contacts, key, record));
        _bob.Store.Write(batch);
        _bob.Restart();
        _bob.Hits("group.squatter.removed").ShouldBe(1);
        _bob.Reader.KindOf(_direct).ShouldBe(ConversationKind.Direct);
        LoopbackScenes.Introduce(_bob, _carol);
        _world.Link(_bob, _carol);
        ShouldTalk();
    }

    private void Decide()
    {
        _bob.AcceptsInvitations = false;
        _bob.Restart();
    }

    private void Restart(bool restarts)
    {
        if (restarts)
        {
            _bob.Restart();
            _world.Link(_bob, _carol);
        }
    }

    /// <summary>Bob and Carol become contacts, and are linked.</summary>
    private void Meet()
    {
        LoopbackScenes.Introduce(_bob, _carol);
        LoopbackScenes.Introduce(_carol, _bob);
        _world.Link(_bob, _carol);
        _world.Pass(TimeSpan.FromSeconds(20));
    }

    private void ShouldTalk()
    {
        _bob.Direct(_carol).ShouldBe(_direct);
        _bob.Reader.KindOf(_direct).ShouldBe(ConversationKind.Direct);
        var before = _bob.Texts(_direct);
        _bob.Send(_direct, "hi carol");
        _carol.Send(_direct, "hi bob");
        _world.Pass(TimeSpan.FromSeconds(20));
        _bob.Texts(_direct).ShouldBe([.. before, "hi carol", "hi bob"], ignoreOrder: true);
        LoopbackScenes.ShouldBeEqual(_direct, _bob, _carol);
    }

    private void Squat(ConversationId id) => _eve.Give(_bob, _eve.Sign(_eve.Write(_eve.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
    {
        Group = ByteString.CopyFrom(id.ToArray()),
        ControlKey = ByteString.CopyFrom(TestKeys.Named("a key").ToArray()),
        Name = "nice group",
        Grant = ByteString.CopyFrom(TestKeys.Entry("never was").ToArray()),
        Epochs = { new EpochSecretBody { Epoch = ByteString.CopyFrom(TestKeys.Entry("no epoch").ToArray()), Secret = ByteString.CopyFrom(new byte[32]) } },
    })));

    /// <summary>An entry of the group behind one that never comes.</summary>
    private SignedRun Signed(string name) => _eve.Sign(Entry.CreateWithBody(
        LoopbackNode.Cryptography,
        _eve.Draft() with { Conversation = _direct, Previous = TestKeys.Entry(name), Parents = [] },
        new byte[60]));

    private List<(string Key, string Value)> Rows()
    {
        List<(string, string)> rows = [];
        foreach (var family in new[] { ColumnFamily.Secrets, ColumnFamily.Conversations })
        {
            using var iterator = _bob.Store.Scan(family, [], []);
            while (iterator.MoveNext())
            {
                rows.Add((Convert.ToHexString(iterator.Key), Convert.ToHexString(iterator.Value)));
            }
        }

        return rows;
    }
}
