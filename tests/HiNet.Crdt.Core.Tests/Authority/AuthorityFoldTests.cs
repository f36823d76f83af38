using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Identity;
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
    public void Of_concurrent_grants_by_others_the_highest_counts() =>
        RoleOf(1, Founded().Add([0], (1, Role.Moderator)).Add([0], (1, Role.Reader)).AddBy(2, [0], (1, Role.Admin))).ShouldBe(Role.Admin);

    [Fact]
    public void Of_concurrent_steps_down_of_ones_own_the_lowest_counts_also_against_a_grant() =>
        RoleOf(1, Founded().AddBy(1, [0], (1, Role.Moderator)).AddBy(1, [0], (1, Role.Reader)).Add([0], (1, Role.Admin))).ShouldBe(Role.Reader);

    [Fact]
    public void A_grant_lowers_nobody_further_who_has_stepped_down() =>
        RoleOf(1, Founded().AddBy(1, [0], (1, Role.Moderator)).Add([0], (1, Role.Reader))).ShouldBe(Role.Moderator);

    [Fact]
    public void A_grant_that_any_later_one_saw_no_longer_counts()
    {
        // The last one, by time, saw neither of the two before it.
        var history = Founded().Add([0], (1, Role.Admin)).Add([1], (1, Role.Reader));
        RoleOf(1, history.Add([0], (2, Role.Member)).Add([3], (2, Role.Reader)).Add([4], (1, Role.Moderator))).ShouldBe(Role.Moderator);
    }

    [Fact]
    public void Of_two_grants_to_one_person_in_one_entry_the_higher_counts()
    {
        RoleOf(1, new AuthorityHistory().Add([], (0, Role.Owner), (1, Role.Reader), (1, Role.Admin))).ShouldBe(Role.Admin);
        RoleOf(1, new AuthorityHistory().Add([], (0, Role.Owner), (1, Role.Admin), (1, Role.Reader))).ShouldBe(Role.Admin);
    }

    [Fact]
    public void A_member_has_been_one_since_the_first_grant_after_the_last_leave()
    {
        Since(1, Founded().Add([0], (1, Role.Admin)).Add([1], (1, Role.Member))).ShouldBe(Operation(0));
        Since(2, Founded().Add([0], (2, Role.None)).Add([1], (2, Role.Member))).ShouldBe(Operation(2));
        Since(1, Founded().Add([0], (1, Role.None)).Add([1], (1, Role.Reader)).Add([2], (1, Role.Member))).ShouldBe(Operation(2));
    }

    [Fact]
    public void Whoever_left_and_came_back_is_less_senior_than_who_stayed()
    {
        var history = Founded().Add([0], (2, Role.Member)).Add([1], (1, Role.None)).Add([2], (1, Role.Member)).Add([3], (0, Role.None));
        RoleOf(2, history).ShouldBe(Role.Owner);
        RoleOf(1, history).ShouldBe(Role.Member);
    }

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
            AuthorityFold.Fold([], operations, AllMaximal).Devices.ShouldHaveSingleItem().Card.ShouldBeSameAs(fresh);
        }
    }

    [Fact]
    public void The_newest_leaf_key_counts_whichever_is_lower_as_a_number()
    {
        var cards = Enumerable.Range(0, 8).Select(leaf => Card((uint)leaf, $"leaf {leaf}")).ToList();
        Enumerable.Range(0, 7).Select(i => cards[i].LeafKey.CompareTo(cards[i + 1].LeafKey) < 0).Distinct().Count().ShouldBe(2);
        for (var i = 0; i < 7; i++)
        {
            Introduced(cards[i], cards[i + 1]).ShouldBeSameAs(cards[i + 1]);
            Introduced(cards[i + 1], cards[i]).ShouldBeSameAs(cards[i + 1]);
        }
    }

    [Fact]
    public void Of_two_leaf_keys_of_one_index_the_lower_counts_and_of_two_cards_of_one_key_the_earlier()
    {
        DeviceCard[] cards = [.. new[] { Card(3, "one"), Card(3, "other") }.OrderBy(card => card.LeafKey)];
        Introduced(cards[0], cards[1]).ShouldBeSameAs(cards[0]);
        Introduced(cards[1], cards[0]).ShouldBeSameAs(cards[0]);
        var renamed = Card(3, "one", "Another name");
        Introduced(Card(3, "one"), renamed).Name.ShouldBe("Person 0");
        Introduced(renamed, Card(3, "one")).Name.ShouldBe("Another name");
    }

    [Theory]
    [InlineData(Role.Owner, true, true)]
    [InlineData(Role.Moderator, true, true)]
    [InlineData(Role.Member, true, true)]
    [InlineData(Role.Reader, true, false)]
    [InlineData(Role.None, false, false)]
    public void Whose_devices_get_epoch_secrets_and_whose_may_write(Role role, bool isRecipient, bool mayWrite)
    {
        var state = new AuthorityHistory().Add([], (0, Role.Owner), (1, role)).State();
        var device = state.Devices.Single(each => each.Identity == AuthorityHistory.People[1]).Device;
        state.AuthorizedDevices.Any(each => each.Device == device).ShouldBe(isRecipient);
        state.MayWrite(device).ShouldBe(mayWrite);
    }

    [Fact]
    public void A_device_that_nobody_introduced_may_not_write_whoever_is_a_member() =>
        AuthorityFold.Fold([default], [], AllMaximal).MayWrite(AuthorityHistory.Cards[0].Device).ShouldBeFalse();

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

    private static EntryId Since(int person, AuthorityHistory history) =>
        history.State().Members.Single(member => member.Identity == AuthorityHistory.People[person]).Grant;

    private static EntryId Operation(int index) => TestKeys.Entry($"operation {index}");

    private static DeviceCard Card(uint leafIndex, string leaf, string name = "Person 0") => DeviceCard.Create(
        TestKeys.Sodium, TestKeys.Certificate("person 0", "device 0"), TestKeys.Signing("device 0").SecretKey, TestKeys.Agreement(leaf).Public, leafIndex, name);

    // The card that counts after these were introduced, one after the other.
    private static DeviceCard Introduced(params DeviceCard[] cards)
    {
        var operations = cards.Select((card, i) => new AuthorityOperation(
            TestKeys.Entry($"introduction {i}"), new HybridTimestamp((ulong)i), EntryKind.Introduce, card.Device, card.Identity, [], [card])).ToList();
        return AuthorityFold.Fold([], operations, AllMaximal).Devices.ShouldHaveSingleItem().Card;
    }

    private static IReadOnlyList<int> AllMaximal(IReadOnlyList<AuthorityOperation> operations) => [.. Enumerable.Range(0, operations.Count)];
}
