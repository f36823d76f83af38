using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Tests.Meaning;

namespace HiNet.Crdt.Simulation.Tests.Invariants;

/// <summary>Who is a member after changes of which some are lost: a home that was put back was the only one that held them.</summary>
public sealed class MembershipHistoryTests
{
    private static readonly IdentityId s_alice = SampleLedger.Person(1);
    private static readonly IdentityId s_bob = SampleLedger.Person(2);

    private readonly SampleLedger _sample = new();
    private readonly MembershipHistory _history;

    public MembershipHistoryTests()
    {
        _history = new MembershipHistory(s_alice, [s_bob], isHonest: true, () => _sample.Ledger, static _ => null);
        _sample.Add(1, 10);
    }

    [Fact]
    public void Whoever_was_added_by_an_entry_that_is_lost_is_no_member()
    {
        Leave(2, 20, 1);
        _sample.Ledger.Note(1, _sample.Ledger.Find(SampleLedger.Id(2))!.Entry, out _);
        Add(3, 30, 2);
        _history.IsMember(s_bob).ShouldBeTrue();

        _sample.Ledger.Forget(0);
        _history.IsMember(s_bob).ShouldBeFalse();
    }

    [Fact]
    public void Whoever_left_by_an_entry_that_is_lost_is_a_member()
    {
        Leave(2, 20, 1);
        _history.IsMember(s_bob).ShouldBeFalse();

        _sample.Ledger.Forget(0);
        _history.IsMember(s_bob).ShouldBeTrue();
    }

    [Fact]
    public void A_lost_entry_counts_again_when_it_arrives_after_all()
    {
        Leave(2, 20, 1);
        var leave = _sample.Ledger.Find(SampleLedger.Id(2))!;
        _history.IsMember(s_bob).ShouldBeFalse();

        _sample.Ledger.Forget(0);
        _sample.Ledger.Note(1, leave.Entry, out _);
        _history.IsMember(s_bob).ShouldBeFalse();
    }

    private void Leave(int number, ulong time, params int[] behind)
    {
        _sample.Add(number, time, behind);
        _history.BeganToLeave(s_bob);
        _history.Left(s_bob, new NodeResult.Written(SampleLedger.Id(number), default));
    }

    private void Add(int number, ulong time, params int[] behind)
    {
        _sample.Add(number, time, behind);
        _history.Began();
        _history.Added(s_bob, new NodeResult.Written(SampleLedger.Id(number), default), byHonest: true);
    }
}
