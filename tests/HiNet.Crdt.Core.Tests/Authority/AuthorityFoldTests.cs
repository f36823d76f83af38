using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Authority;

public sealed class AuthorityFoldTests
{
    [Fact]
    public void Leaving_beats_a_concurrent_grant() =>
        RoleOf(1, Founded().Add([0], (1, Role.Admin)).Add([0], (1, Role.None))).ShouldBe(Role.None);

    [Fact]
    public void A_grant_that_saw_the_leave_brings_back() =>
        RoleOf(1, Founded().Add([0], (1, Role.None)).Add([1], (1, Role.Member))).ShouldBe(Role.Member);

    [Fact]
    public void Of_concurrent_grants_the_lowest_counts() =>
        RoleOf(1, Founded().Add([0], (1, Role.Admin)).Add([0], (1, Role.Reader)).Add([0], (1, Role.Moderator))).ShouldBe(Role.Reader);

    [Fact]
    public void Stepping_down_leaves_what_is_concurrent_on_others_alone()
    {
        var history = Founded().Add([0], (0, Role.Member)).Add([0], (2, Role.Admin));
        RoleOf(0, history).ShouldBe(Role.Member);
        RoleOf(2, history).ShouldBe(Role.Admin);
    }

    [Fact]
    public void Without_an_admin_the_most_senior_member_acts_as_owner()
    {
        var history = Founded().Add([0], (2, Role.Member)).Add([1], (0, Role.None));
        RoleOf(0, history).ShouldBe(Role.None);
        RoleOf(1, history).ShouldBe(Role.Owner);
        RoleOf(2, history).ShouldBe(Role.Member);
    }

    [Fact]
    public void A_reader_acts_as_owner_only_where_no_member_is()
    {
        RoleOf(2, Founded().Add([0], (2, Role.Reader)).Add([1], (0, Role.None))).ShouldBe(Role.Reader);
        RoleOf(2, Founded().Add([0], (2, Role.Reader)).Add([1], (0, Role.None)).Add([2], (1, Role.None))).ShouldBe(Role.Owner);
    }

    [Fact]
    public void Somebody_always_has_authority_while_there_are_members() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(AuthorityHistory.Any.ToArbitrary(), drawn =>
        {
            var state = drawn.History.State();
            (state.Members.Count == 0 || state.Members.Any(m => m.Role >= Role.Admin)).ShouldBeTrue();
            state.Members.ShouldAllBe(m => m.Role > Role.None);
            state.AuthorizedDevices.ShouldAllBe(d => state.RoleOf(d.Identity) > Role.None);
            state.Devices.Select(d => d.Device).ShouldBe(state.Devices.Select(d => d.Device).Order());
        }));

    [Fact]
    public void Both_people_of_a_direct_conversation_own_it_before_anything_is_written()
    {
        var (one, other) = (AuthorityHistory.People[0], AuthorityHistory.People[1]);
        var graph = new AuthorityGraph(TestKeys.Sodium, [one, other]);
        var state = graph.StateOf(graph.Empty);
        state.RoleOf(one).ShouldBe(Role.Owner);
        state.RoleOf(other).ShouldBe(Role.Owner);
        state.RoleOf(AuthorityHistory.People[2]).ShouldBe(Role.None);
        state.MayWrite(AuthorityHistory.Cards[0].Device).ShouldBeFalse("the device was not introduced");
    }

    [Fact]
    public void The_newest_leaf_key_of_a_device_counts()
    {
        var (old, fresh) = (AuthorityHistory.Cards[0], AuthorityHistory.Cards[1]);
        fresh.LeafIndex.ShouldBe(old.LeafIndex + 1);
        foreach (var order in new[] { new[] { old, fresh }, [fresh, old] })
        {
            var operations = order.Select((card, i) => new AuthorityOperation(
                TestKeys.Entry($"introduction {i}"), new HybridTimestamp((ulong)i), EntryKind.Introduce, card.Device, card.Identity, [], [card])).ToList();
            AuthorityFold.Fold([], operations, (_, _) => false).Devices.ShouldHaveSingleItem().Card.ShouldBeSameAs(fresh);
        }
    }

    [Theory]
    [InlineData(Role.Owner, Role.Admin, Role.None, true)]
    [InlineData(Role.Admin, Role.Admin, Role.None, true)]
    [InlineData(Role.Admin, Role.Owner, Role.None, false)]
    [InlineData(Role.Admin, Role.Member, Role.Owner, false)]
    [InlineData(Role.Admin, Role.None, Role.Admin, true)]
    [InlineData(Role.Moderator, Role.None, Role.Member, false)]
    [InlineData(Role.Member, Role.None, Role.Member, false)]
    [InlineData(Role.None, Role.None, Role.Member, false)]
    public void Who_may_set_anothers_role(Role author, Role target, Role granted, bool isPermitted)
    {
        var history = new AuthorityHistory().Add([], (0, Role.Owner), (1, author), (2, target));
        history.State().Permits(AuthorityHistory.People[1], new RoleGrant(AuthorityHistory.People[2], granted)).ShouldBe(isPermitted);
    }

    [Theory]
    [InlineData(Role.Member, Role.None, true)]
    [InlineData(Role.Admin, Role.Member, true)]
    [InlineData(Role.Member, Role.Member, false)]
    [InlineData(Role.Member, Role.Admin, false)]
    [InlineData(Role.None, Role.None, false)]
    public void One_may_only_lower_ones_own_role(Role role, Role granted, bool isPermitted)
    {
        var history = new AuthorityHistory().Add([], (0, Role.Owner), (1, role));
        history.State().Permits(AuthorityHistory.People[1], new RoleGrant(AuthorityHistory.People[1], granted)).ShouldBe(isPermitted);
    }

    private static AuthorityHistory Founded() => new AuthorityHistory().Add([], (0, Role.Owner), (1, Role.Member));

    private static Role RoleOf(int person, AuthorityHistory history) => history.State().RoleOf(AuthorityHistory.People[person]);
}
