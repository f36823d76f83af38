using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>A restored home waits for its own later entries, and nobody keeps it silent.</summary>
public sealed class ReplicaOwnHeadTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob", new NodeCoreOptions { Bounds = EngineBounds.Default with { OwnHeadClaims = 2 } });

    public ReplicaOwnHeadTests() => ReplicaDevice.Group(_alice, _bob);

    private bool IsBehind => _bob.Replica.IsBehindItself(_bob.Now);

    [Fact]
    public void It_waits_for_an_own_entry_until_its_patience_ends()
    {
        IsBehind.ShouldBeFalse();
        Claim("own");
        IsBehind.ShouldBeTrue();
        _bob.Now += Limits.OwnHeadPatience - s_moment;
        IsBehind.ShouldBeTrue();
        _bob.Now += s_moment;
        IsBehind.ShouldBeFalse();
    }

    [Fact]
    public void It_waits_no_longer_once_the_entry_has_come()
    {
        var restored = _bob.Copied();
        var own = _bob.Say("own");
        restored.Replica.NoteOwnHead(own[^1].Last.Id, _alice.Identity, restored.Now);
        restored.Replica.IsBehindItself(restored.Now).ShouldBeTrue();
        restored.Receive(own);
        restored.Replica.IsBehindItself(restored.Now).ShouldBeFalse();
    }

    [Fact]
    public void Each_person_is_believed_so_often_and_not_again_while_it_waits_already()
    {
        for (var i = 0; i < 2; i++)
        {
            Claim($"own {i}");
            _bob.Now += s_moment;
            Claim("another meanwhile");
            _bob.Now += Limits.OwnHeadPatience - s_moment;
            IsBehind.ShouldBeFalse($"{i}: the second claim moved nothing");
        }

        _bob.Hits("bound.own.head.claims").ShouldBe(1, "the second one of the second round came when two had counted");
        Claim("once more");
        IsBehind.ShouldBeFalse();
        _bob.Hits("bound.own.head.claims").ShouldBe(2);
        _bob.Replica.NoteOwnHead(TestKeys.Entry("own"), TestKeys.Identity("somebody else"), _bob.Now);
        IsBehind.ShouldBeTrue();
    }

    [Fact]
    public void All_people_together_are_believed_so_often()
    {
        for (var i = 0; i < Limits.OwnHeadClaimsInAll; i++)
        {
            _bob.Replica.NoteOwnHead(TestKeys.Entry("own"), TestKeys.Identity($"person {i}"), _bob.Now);
            IsBehind.ShouldBeTrue($"{i}");
            _bob.Now += Limits.OwnHeadPatience;
        }

        _bob.Replica.NoteOwnHead(TestKeys.Entry("own"), TestKeys.Identity("one more"), _bob.Now);
        IsBehind.ShouldBeFalse();
        _bob.Hits("bound.own.head.claims").ShouldBe(1);
    }

    [Fact]
    public void Whoever_has_written_is_held_up_no_more()
    {
        Claim("own");
        _bob.Say("written all the same");
        IsBehind.ShouldBeFalse();
        _bob.Hits("log.own.behind").ShouldBe(1);
        _bob.Now += Limits.OwnHeadPatience;
        Claim("own");
        IsBehind.ShouldBeFalse();
        _bob.Hits("log.own.behind").ShouldBe(1);
    }

    private void Claim(string head) => _bob.Replica.NoteOwnHead(TestKeys.Entry(head), _alice.Identity, _bob.Now);
}
