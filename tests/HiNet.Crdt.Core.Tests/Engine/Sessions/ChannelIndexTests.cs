using System.Runtime.CompilerServices;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

public sealed class ChannelIndexTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly SessionScene _scene;
    private readonly ChannelIndex _index;

    public ChannelIndexTests()
    {
        ReplicaDevice.Group(_alice);
        _scene = new SessionScene(_alice);
        _index = new ChannelIndex(_alice.Services);
    }

    [Fact]
    public void Names_are_worked_out_once_for_each_link_however_they_take_turns()
    {
        var (one, other) = (Session("one"), Session("other"));
        _index.Find(one, NameOn("one"), [_alice.Replica]).ShouldBe(_alice.Replica);
        _index.Find(other, NameOn("other"), [_alice.Replica]).ShouldBe(_alice.Replica);
        var before = _alice.Cost[CostKind.Hash];
        for (var i = 0; i < 3; i++)
        {
            _index.Find(one, TestKeys.Named("unknown").ToArray(), [_alice.Replica]).ShouldBeNull();
            _index.Find(other, TestKeys.Named("unknown").ToArray(), [_alice.Replica]).ShouldBeNull();
        }

        _alice.Cost[CostKind.Hash].ShouldBe(before);
        _index.Forget(one);
        _index.Find(one, TestKeys.Named("unknown").ToArray(), [_alice.Replica]).ShouldBeNull();
        _alice.Cost[CostKind.Hash].ShouldBe(before + 1);
    }

    [Fact]
    public void A_name_of_another_link_stands_for_nothing()
    {
        var (one, other) = (Session("one"), Session("other"));
        _index.Find(one, NameOn("one"), [_alice.Replica]).ShouldBe(_alice.Replica);
        _index.Find(other, NameOn("one"), [_alice.Replica]).ShouldBeNull();
        _index.Find(other, NameOn("other"), [_alice.Replica]).ShouldBe(_alice.Replica);
        _index.Find(one, [.. NameOn("one").AsSpan(0, 31), 0xff], [_alice.Replica]).ShouldBeNull();
        _index.Find(one, NameOn("one").AsSpan(0, 31), [_alice.Replica]).ShouldBeNull();
    }

    [Fact]
    public void A_conversation_that_has_come_since_is_found_and_costs_one_name()
    {
        var (bob, session) = (new ReplicaDevice("bob"), Session("one"));
        ReplicaDevice.Group(bob);
        List<HiNet.Crdt.Core.Engine.Replicas.Replica> replicas = [_alice.Replica];
        var name = ChannelSecrets.ConversationChannel(TestKeys.Sodium, HashOf("one"), bob.Id);
        _index.Find(session, name, replicas).ShouldBeNull();
        var before = _alice.Cost[CostKind.Hash];
        replicas.Add(bob.Replica);
        _index.Find(session, name, replicas).ShouldBe(bob.Replica);
        (_alice.Cost[CostKind.Hash] - before).ShouldBe(2, "to enter it, and to compare it whole");
    }

    [Fact]
    public void A_conversation_that_has_gone_is_not_found_and_the_others_stay()
    {
        var (bob, carol, one, other) = (new ReplicaDevice("bob"), new ReplicaDevice("carol"), Session("one"), Session("other"));
        ReplicaDevice.Group(bob);
        ReplicaDevice.Group(carol);
        List<HiNet.Crdt.Core.Engine.Replicas.Replica> replicas = [bob.Replica, _alice.Replica];
        _index.Find(one, NameOn("one"), replicas).ShouldBe(_alice.Replica);
        replicas.Remove(bob.Replica);
        _index.Forget(bob.Replica);
        replicas.Add(carol.Replica);
        foreach (var (session, link) in new[] { (one, "one"), (other, "other") })
        {
            _index.Find(session, NameOn(link), replicas).ShouldBe(_alice.Replica);
            _index.Find(session, ChannelSecrets.ConversationChannel(TestKeys.Sodium, HashOf(link), carol.Id), replicas).ShouldBe(carol.Replica);
            _index.Find(session, ChannelSecrets.ConversationChannel(TestKeys.Sodium, HashOf(link), bob.Id), replicas).ShouldBeNull();
        }
    }

    [Fact]
    public void Invites_are_worked_out_once_for_each_link_until_there_are_others()
    {
        var session = Session("one");
        Invite[] invites = [.. Enumerable.Range(0, 3).Select(_ => Invite.Create(TestKeys.Sodium, _alice.Card, 1_000, []))];
        for (var i = 0; i < 3; i++)
        {
            var name = ChannelSecrets.InviteChannel(TestKeys.Sodium, HashOf("one"), invites[i].Id(TestKeys.Sodium));
            _index.FindInvite(session, name, invites, 1).ShouldBe(invites[i]);
            _index.FindInvite(Session("other"), name, invites, 1).ShouldBeNull();
        }

        var before = _alice.Cost[CostKind.Hash];
        _index.FindInvite(session, TestKeys.Named("unknown").ToArray(), invites, 1).ShouldBeNull();
        _alice.Cost[CostKind.Hash].ShouldBe(before);
        _index.FindInvite(session, TestKeys.Named("unknown").ToArray(), [], 2).ShouldBeNull();
        _index.FindInvite(session, ChannelSecrets.InviteChannel(TestKeys.Sodium, HashOf("one"), invites[0].Id(TestKeys.Sodium)), [], 2).ShouldBeNull();
        _index.FindInvite(session, [], invites, 1).ShouldBeNull();
    }

    [Fact]
    public void Of_a_link_that_has_ended_nothing_is_kept()
    {
        var (session, replica) = FindAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        session.IsAlive.ShouldBeFalse();
        replica.IsAlive.ShouldBeFalse();
        GC.KeepAlive(_index);
    }

    // In a method of its own, whose locals are gone afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Session, WeakReference Replica) FindAndForget()
    {
        var bob = new ReplicaDevice("bob");
        ReplicaDevice.Group(bob);
        var session = Session("one");
        _index.Find(session, new byte[32], [bob.Replica]).ShouldBeNull();
        _index.Forget(session);
        return (new WeakReference(session), new WeakReference(bob.Replica));
    }

    private LinkSession Session(string name)
    {
        var session = new LinkSession(
            new LinkId(7), isInitiator: false, null, SessionScene.KeysOf(name), _alice.Services, _scene, new Instant(1));
        session.Add(new LinkEffect.LinkEstablished(SessionScene.KeysOf(name).Id, HashOf(name)));
        return session;
    }

    private byte[] NameOn(string link) => ChannelSecrets.ConversationChannel(TestKeys.Sodium, HashOf(link), _alice.Id);

    private static byte[] HashOf(string link) => [.. TestKeys.Named(link).ToArray(), .. new byte[32]];
}
