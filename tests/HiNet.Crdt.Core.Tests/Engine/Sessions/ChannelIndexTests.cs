using System.Runtime.CompilerServices;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
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
    public void Names_are_worked_out_once_for_the_link_that_asks()
    {
        var one = Session("one");
        var before = _alice.Cost[CostKind.Hash];
        for (var i = 0; i < 3; i++)
        {
            _index.Find(one, NameOn("one"), [_alice.Replica]).ShouldBe(_alice.Replica);
            (_alice.Cost[CostKind.Hash] - before).ShouldBe(1);
        }
    }

    [Fact]
    public void A_name_of_another_link_stands_for_nothing()
    {
        var (one, other) = (Session("one"), Session("other"));
        _index.Find(one, NameOn("one"), [_alice.Replica]).ShouldBe(_alice.Replica);
        _index.Find(other, NameOn("one"), [_alice.Replica]).ShouldBeNull();
        _index.Find(other, NameOn("other"), [_alice.Replica]).ShouldBe(_alice.Replica);
    }

    [Fact]
    public void Only_the_end_of_the_link_whose_names_are_kept_forgets_them()
    {
        var (one, other) = (Session("one"), Session("other"));
        _index.Find(one, NameOn("one"), [_alice.Replica]);
        var before = _alice.Cost[CostKind.Hash];
        _index.Forget(other);
        _index.Find(one, NameOn("one"), [_alice.Replica]).ShouldBe(_alice.Replica);
        _alice.Cost[CostKind.Hash].ShouldBe(before);
        _index.Forget(one);
        _index.Find(one, NameOn("one"), [_alice.Replica]).ShouldBe(_alice.Replica);
        _alice.Cost[CostKind.Hash].ShouldBe(before + 1);
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
