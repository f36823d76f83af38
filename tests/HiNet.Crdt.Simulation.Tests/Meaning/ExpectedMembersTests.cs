using HiNet.Crdt.Simulation.Meaning;

namespace HiNet.Crdt.Simulation.Tests.Meaning;

/// <summary>Who is a member after grants that knew of each other, or did not.</summary>
public sealed class ExpectedMembersTests
{
    private readonly SampleLedger _sample = new();

    [Fact]
    public void A_later_grant_that_knew_of_an_earlier_one_takes_its_place()
    {
        var members = new ExpectedMembers(_sample.Ledger);
        members.Grant(_sample.Add(1, 10), SampleLedger.Person(1), Role.Owner);
        members.Grant(_sample.Add(2, 20, 1), SampleLedger.Person(2), Role.None);
        members.Grant(_sample.Add(3, 30, 2), SampleLedger.Person(2), Role.Member);
        members.HasConcurrentGrants.ShouldBeFalse();
        members.Fold().ShouldBe([new ExpectedMember(SampleLedger.Person(1), Role.Owner, 10), new ExpectedMember(SampleLedger.Person(2), Role.Member, 30)]);
    }

    [Fact]
    public void Of_grants_that_did_not_know_of_each_other_the_lowest_counts()
    {
        var members = new ExpectedMembers(_sample.Ledger);
        members.Grant(_sample.Add(1, 10), SampleLedger.Person(1), Role.Owner);
        members.Grant(_sample.Add(2, 20, 1), SampleLedger.Person(2), Role.None);
        members.Grant(_sample.Add(3, 30, 1), SampleLedger.Person(2), Role.Member);
        members.HasConcurrentGrants.ShouldBeTrue();
        members.Fold().ShouldBe([new ExpectedMember(SampleLedger.Person(1), Role.Owner, 10)]);
    }

    [Fact]
    public void A_past_is_followed_over_entries_between()
    {
        var members = new ExpectedMembers(_sample.Ledger);
        var first = _sample.Add(1, 10);
        _sample.Add(2, 20, 1);
        _sample.Add(3, 30, 2);
        members.Grant(first, SampleLedger.Person(1), Role.None);
        members.Grant(_sample.Add(4, 40, 3), SampleLedger.Person(1), Role.Owner);
        members.Fold().ShouldBe([new ExpectedMember(SampleLedger.Person(1), Role.Owner, 40)]);
    }

    [Fact]
    public void Who_has_been_there_longest_is_owner_when_nobody_is()
    {
        var members = new ExpectedMembers(_sample.Ledger);
        var genesis = _sample.Add(1, 10);
        members.Grant(genesis, SampleLedger.Person(1), Role.Owner);
        members.Grant(genesis, SampleLedger.Person(3), Role.Member);
        members.Grant(_sample.Add(2, 20, 1), SampleLedger.Person(2), Role.Member);
        members.Grant(_sample.Add(3, 30, 2), SampleLedger.Person(1), Role.None);
        members.Fold().ShouldBe([new ExpectedMember(SampleLedger.Person(3), Role.Owner, 10), new ExpectedMember(SampleLedger.Person(2), Role.Member, 20)]);
    }

    [Fact]
    public void Both_people_of_a_direct_conversation_own_it()
    {
        var members = new ExpectedMembers(_sample.Ledger);
        members.Begin(SampleLedger.Person(2));
        members.Begin(SampleLedger.Person(1));
        members.Fold().Select(member => (member.Person, member.Role)).ShouldBe([(SampleLedger.Person(1), Role.Owner), (SampleLedger.Person(2), Role.Owner)]);
    }
}
