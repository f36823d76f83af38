using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Authority;

public sealed class AuthorityGraphTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void The_state_of_a_set_does_not_depend_on_the_order_of_arrival() => ForAny((history, random) =>
    {
        var (one, oneSets) = history.Build(history.Arrival(random));
        var (other, otherSets) = history.Build(history.Arrival(random));
        foreach (var heads in Subsets(history.Count, random))
        {
            var left = heads.Select(i => oneSets[i]).Aggregate(one.Empty, one.Union);
            var right = heads.Select(i => otherSets[i]).Reverse().Aggregate(other.Empty, other.Union);
            right.Hash.ShouldBe(left.Hash);
            right.Heads.ShouldBe(left.Heads);
            AuthorityHistory.Describe(other.StateOf(right)).ShouldBe(AuthorityHistory.Describe(one.StateOf(left)));
        }
    });

    [Fact]
    public void The_state_of_a_set_is_what_all_its_operations_make() => ForAny((history, random) =>
    {
        var (graph, sets) = history.Build(history.Arrival(random));
        foreach (var members in Subsets(history.Count, random))
        {
            var state = graph.StateOf(graph.Join([.. members.Select(i => sets[i])]));
            AuthorityHistory.Describe(state).ShouldBe(AuthorityHistory.Describe(history.Reference(members)));
        }
    });

    [Fact]
    public void A_state_that_is_kept_up_entry_by_entry_is_what_all_its_operations_make() => ForAny((history, random) =>
    {
        // As a replica asks for it: before an entry comes, to judge it, and after.
        var (graph, sets) = history.Build(history.Arrival(random), (graph, past) => graph.StateOf(past));
        for (var i = 0; i < history.Count; i++)
        {
            AuthorityHistory.Describe(graph.StateOf(sets[i])).ShouldBe(AuthorityHistory.Describe(history.Reference([i])));
        }
    });

    [Fact]
    public void Union_is_commutative_associative_and_idempotent_and_the_empty_set_adds_nothing() => ForAny((history, random) =>
    {
        var (graph, sets) = history.Build(history.Arrival(random));
        var (a, b, c) = (sets[random.Next(sets.Length)], sets[random.Next(sets.Length)], sets[random.Next(sets.Length)]);
        graph.Union(a, b).ShouldBeSameAs(graph.Union(b, a));
        graph.Union(graph.Union(a, b), c).ShouldBeSameAs(graph.Union(a, graph.Union(b, c)));
        graph.Union(a, a).ShouldBeSameAs(a);
        graph.Union(graph.Union(a, b), b).ShouldBeSameAs(graph.Union(a, b));
        graph.Union(graph.Empty, a).ShouldBeSameAs(a);
    });

    [Fact]
    public void A_set_is_named_by_the_hash_of_its_sorted_heads() => ForAny((history, random) =>
    {
        var (graph, sets) = history.Build(history.Arrival(random));
        var all = sets.Aggregate(graph.Empty, graph.Union);
        all.Heads.ShouldBe(all.Heads.Order());
        all.Hash.ShouldBe(AuthorityHash.Of(TestKeys.Sodium, [.. all.Heads]));
        graph.TryGetSet(all.Hash, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(all);
        graph.FromHeads(all.Heads.Reverse()).ShouldBeSameAs(all);

        // No head is in another's past.
        foreach (var head in all.Heads)
        {
            graph.FromHeads(all.Heads.Where(other => other != head)).Heads.ShouldNotContain(head);
        }
    });

    [Fact]
    public void The_empty_set_has_the_hash_of_no_heads_and_nobody_in_it()
    {
        var graph = new AuthorityGraph(TestKeys.Sodium, []);
        graph.Empty.Hash.ShouldBe(AuthorityHash.Of(TestKeys.Sodium, []));
        graph.StateOf(graph.Empty).Members.ShouldBeEmpty();
        graph.TryGetSet(TestKeys.Named("another"), out _).ShouldBeFalse();
    }

    [Fact]
    public void More_than_64_operations_fit()
    {
        var history = new AuthorityHistory().Add([], (0, Role.Owner));
        for (var i = 0; i < 200; i++)
        {
            history.Add([i], (1, i % 2 == 0 ? Role.Member : Role.None));
        }

        var (graph, sets) = history.Build(Enumerable.Range(0, history.Count));
        graph.Union(sets[3], sets[200]).ShouldBeSameAs(sets[200]);
        for (var i = 1; i <= 200; i++)
        {
            graph.StateOf(sets[i]).RoleOf(AuthorityHistory.People[1]).ShouldBe(i % 2 == 1 ? Role.Member : Role.None);
        }
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    public void What_is_concurrent_is_not_in_the_past_however_many_operations_there_are(int index)
    {
        var history = new AuthorityHistory().Add([], (0, Role.Owner), (1, Role.Member));
        for (var i = 1; i < index; i++)
        {
            history.Add([i - 1], (2, Role.Member));
        }

        history.Add([index - 1], (1, Role.None)).Add([index - 1], (2, Role.Admin));
        var (graph, sets) = history.Build(Enumerable.Range(0, history.Count));
        graph.StateOf(sets[index]).RoleOf(AuthorityHistory.People[1]).ShouldBe(Role.None);
        graph.StateOf(sets[index + 1]).RoleOf(AuthorityHistory.People[1]).ShouldBe(Role.Member);
        graph.Union(sets[index], sets[index + 1]).Heads.Count.ShouldBe(2);
    }

    [Fact]
    public void What_is_kept_is_counted_by_operations_sets_and_states()
    {
        // 64 operations one after the other, the first sets with a closure of one word, and one more with two.
        var history = new AuthorityHistory().Add([], (0, Role.Owner), (1, Role.Member));
        for (var i = 1; i < 64; i++)
        {
            history.Add([i - 1], (2, Role.Member));
        }

        history.Add([63], (3, Role.Member));
        var (graph, sets) = history.Build(Enumerable.Range(0, 65));
        // A set's closure is the past of the next operation, too, and counted as that as well; the empty one has no bytes.
        const int OfSets = (65 * 120) + (65 * 32) + ((64 + 2) * 8);
        const int OfPasts = 64 * 8;
        graph.KeptBytes.ShouldBe((65 * 400) + OfSets + OfPasts);
        var state = graph.StateOf(sets[64]);
        (state.Members.Count, state.Devices.Count).ShouldBe((4, 4));
        graph.KeptBytes.ShouldBe((65 * 400) + OfSets + OfPasts + (4 * 80) + (4 * 120) + (4 * 80));
    }

    [Fact]
    public void What_is_worked_out_is_counted_and_nothing_is_where_nothing_is_to_be_done()
    {
        var cost = new Cost();
        var graph = new AuthorityGraph(TestKeys.Sodium, [], cost);
        var (device, person) = (AuthorityHistory.Cards[0].Device, AuthorityHistory.People[0]);
        AuthorityOperation Operation(int i) =>
            new(TestKeys.Entry($"{i}"), new HybridTimestamp((ulong)i), EntryKind.SetRole, device, person, [new(person, Role.Owner)], []);
        var first = graph.Add(Operation(0), graph.Empty);
        var (one, other) = (graph.Add(Operation(1), first), graph.Add(Operation(2), first));

        // What an operation and its past form is one step, and one for each word of the past.
        const int Closures = 1 + 2 + 2;
        graph.Union(graph.Empty, one).ShouldBeSameAs(one);
        graph.Union(one, graph.Empty).ShouldBeSameAs(one);
        graph.Union(one, one).ShouldBeSameAs(one);
        cost[CostKind.Authority].ShouldBe(Closures);
        var both = graph.Union(one, other);
        cost[CostKind.Authority].ShouldBe(Closures + (2 * (1 + 1)));

        // Three operations set roles, all of one person: each is looked at for whether it is in the set, and for what it has in its past.
        graph.StateOf(both);
        cost[CostKind.Authority].ShouldBe(Closures + (2 * (1 + 1)) + 1 + 3 + (1 + 2 + 2));
        graph.StateOf(both);
        cost[CostKind.Authority].ShouldBe(Closures + (2 * (1 + 1)) + 1 + 3 + (1 + 2 + 2));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    public void What_is_written_side_by_side_costs_each_what_grows_with_their_number(int count)
    {
        // Twice as many take at most four times as long, all together, and no more memory each.
        var cost = new Cost();
        var graph = new AuthorityGraph(TestKeys.Sodium, [], cost);
        var (device, person, card) = (AuthorityHistory.Cards[0].Device, AuthorityHistory.People[0], AuthorityHistory.Cards[0]);
        var first = graph.Add(new(TestKeys.Entry("first"), new HybridTimestamp(1), EntryKind.SetRole, device, person, [new(person, Role.Owner)], []), graph.Empty);
        for (var i = 0; i < count; i++)
        {
            graph.Add(new(TestKeys.Entry($"{i}"), new HybridTimestamp((ulong)i + 2), EntryKind.Introduce, device, person, [], [card]), first);
            graph.StateOf(graph.Current).Devices.Count.ShouldBe(1);
        }

        graph.Current.Heads.Count.ShouldBe(count);
        cost[CostKind.Authority].ShouldBeLessThan(4L * count * count);
        (graph.KeptBytes - (count * 400L)).ShouldBeLessThan((count * 300L) + (32L * count * count));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1_000)]
    public void Of_one_device_however_often_it_is_introduced_two_operations_are_folded(int count)
    {
        var cost = new Cost();
        var graph = new AuthorityGraph(TestKeys.Sodium, [], cost);
        var (device, person) = (AuthorityHistory.Cards[0].Device, AuthorityHistory.People[0]);
        var set = graph.Add(new(TestKeys.Entry("first"), new HybridTimestamp(1), EntryKind.SetRole, device, person, [new(person, Role.Owner)], []), graph.Empty);
        for (var i = 0; i < count; i++)
        {
            var card = TestKeys.Card("person 0", "device 0", "Person 0", (uint)i);
            set = graph.Add(new(TestKeys.Entry($"{i}"), new HybridTimestamp((ulong)i + 2), EntryKind.Introduce, device, person, [], [card]), set);
            graph.StateOf(set).Devices.ShouldHaveSingleItem().Card.LeafIndex.ShouldBe((uint)i);
        }

        // But for the words of each past, of which there is one for 64 operations.
        cost[CostKind.Authority].ShouldBeLessThan(count * (20L + (8 * (count / 64))));
    }

    [Fact]
    public void What_no_set_is_kept_for_is_made_anew()
    {
        var history = new AuthorityHistory().Add([], (0, Role.Owner), (1, Role.Member));
        const int Count = 3_000;
        for (var i = 1; i < Count; i++)
        {
            history.Add([0], (1, i % 2 == 0 ? Role.None : Role.Reader));
        }

        var (graph, sets) = history.Build(Enumerable.Range(0, Count));
        var joined = sets[0];
        var names = new List<(Bytes32 Hash, byte[] Row)>();
        for (var i = 1; i < Count; i++)
        {
            joined = graph.Union(joined, sets[i]);
            names.Add((joined.Hash, graph.HeadBits(joined)));
        }

        (graph.KeptBytes - (Count * 400L)).ShouldBeLessThan(AuthorityGraph.SetBytes + (8 * 200_000));
        graph.TryGetSet(names[500].Hash, out _).ShouldBeFalse();
        var again = graph.FromHeads(graph.HeadsOf(names[500].Row)!);
        again.Hash.ShouldBe(names[500].Hash);
        again.Heads.Count.ShouldBe(501);
        graph.StateOf(again).RoleOf(AuthorityHistory.People[1]).ShouldBe(Role.None);
        graph.HeadsOf([.. Enumerable.Repeat((byte)255, (Count / 8) + 1)]).ShouldBeNull();
    }

    private static void ForAny(Action<AuthorityHistory, Random> property) =>
        Check.One(s_config, Prop.ForAll(AuthorityHistory.Any.ToArbitrary(), drawn => property(drawn.History, new Random(drawn.Seed + 1))));

    private static IEnumerable<List<int>> Subsets(int count, Random random) =>
        Enumerable.Range(0, 4).Select(n => Enumerable.Range(0, count).Where(_ => n == 0 || random.Next(2) == 0).ToList());
}
