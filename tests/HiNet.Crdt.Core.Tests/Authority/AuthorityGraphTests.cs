using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Log;
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
        graph.StateOf(sets[199]).RoleOf(AuthorityHistory.People[1]).ShouldBe(Role.Member);
        graph.StateOf(sets[200]).RoleOf(AuthorityHistory.People[1]).ShouldBe(Role.None);
    }

    private static void ForAny(Action<AuthorityHistory, Random> property) =>
        Check.One(s_config, Prop.ForAll(AuthorityHistory.Any.ToArbitrary(), drawn => property(drawn.History, new Random(drawn.Seed + 1))));

    private static IEnumerable<List<int>> Subsets(int count, Random random) =>
        Enumerable.Range(0, 4).Select(n => Enumerable.Range(0, count).Where(_ => n == 0 || random.Next(2) == 0).ToList());
}
