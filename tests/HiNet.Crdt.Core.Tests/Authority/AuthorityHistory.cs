using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Authority;

/// <summary>A random history of authority entries: a genesis, then grants and leaves with random pasts, in any order of arrival.</summary>
internal sealed class AuthorityHistory
{
    private readonly List<AuthorityOperation> _operations = [];
    private readonly List<int[]> _predecessors = [];

    public static IReadOnlyList<IdentityId> People { get; } = [.. Enumerable.Range(0, 5).Select(i => TestKeys.Identity($"person {i}"))];

    public static IReadOnlyList<DeviceCard> Cards { get; } =
        [.. Enumerable.Range(0, 5).SelectMany(i => new uint[] { 0, 1 }.Select(leaf => TestKeys.Card($"person {i}", $"device {i}", $"Person {i}", leaf)))];

    public int Count => _operations.Count;

    /// <summary>Two to nine entries, and a number that fixes everything else that is to be drawn.</summary>
    public static Gen<(AuthorityHistory History, int Seed)> Any { get; } =
        from count in Gen.Choose(1, 8)
        from seed in Gen.Choose(0, int.MaxValue)
        select (Draw(count, new Random(seed)), seed);

    public AuthorityHistory Add(int[] predecessors, params (int Person, Role Role)[] grants) => AddBy(0, predecessors, grants);

    public AuthorityHistory AddBy(int author, int[] predecessors, params (int Person, Role Role)[] grants)
    {
        var hlc = predecessors.Select(p => _operations[p].Hlc).Append(default).Max().Next();
        _operations.Add(new AuthorityOperation(
            TestKeys.Entry($"operation {_operations.Count}"),
            hlc,
            _operations.Count == 0 ? EntryKind.Genesis : EntryKind.SetRole,
            Cards[2 * author].Device,
            People[author],
            [.. grants.Select(g => new RoleGrant(People[g.Person], g.Role))],
            [.. grants.Select((g, i) => Cards[(2 * g.Person) + ((_operations.Count + i) % 2)])]));
        _predecessors.Add(predecessors);
        return this;
    }

    /// <summary>An entry that sets nobody's role and introduces some cards.</summary>
    public AuthorityHistory Introduce(int[] predecessors, params int[] cards)
    {
        var hlc = predecessors.Select(p => _operations[p].Hlc).Append(default).Max().Next();
        _operations.Add(new AuthorityOperation(
            TestKeys.Entry($"operation {_operations.Count}"), hlc, EntryKind.Introduce, Cards[0].Device, People[0], [], [.. cards.Select(i => Cards[i])]));
        _predecessors.Add(predecessors);
        return this;
    }

    /// <summary>The state of some entries and their past, from all operations there and with nothing left out.</summary>
    public AuthorityState Reference(IEnumerable<int> members)
    {
        List<int> all = [.. members.SelectMany(Past).Distinct()];
        return AuthorityFold.Fold([], [.. all.Select(i => _operations[i])], ordered =>
        [
            .. Enumerable.Range(0, ordered.Count).Where(place =>
                !ordered.Any(other => other != ordered[place] && Past(_operations.IndexOf(other)).Contains(_operations.IndexOf(ordered[place])))),
        ]);

        IEnumerable<int> Past(int i) => _predecessors[i].SelectMany(Past).Append(i);
    }

    /// <summary>Some order in which each comes after its predecessors.</summary>
    public List<int> Arrival(Random random)
    {
        var order = new List<int>();
        while (order.Count < Count)
        {
            var ready = Enumerable.Range(0, Count)
                .Where(i => !order.Contains(i) && _predecessors[i].All(order.Contains)).ToList();
            order.Add(ready[random.Next(ready.Count)]);
        }

        return order;
    }

    /// <summary>The graph after an order of arrival, and the set of each entry with its past.</summary>
    public (AuthorityGraph Graph, AuthoritySet[] Sets) Build(IEnumerable<int> arrival, Action<AuthorityGraph, AuthoritySet>? before = null)
    {
        var graph = new AuthorityGraph(TestKeys.Sodium, []);
        var sets = new AuthoritySet[Count];
        foreach (var i in arrival)
        {
            var past = _predecessors[i].Select(p => sets[p]).Aggregate(graph.Empty, graph.Union);
            before?.Invoke(graph, past);
            sets[i] = graph.Add(_operations[i], past);
        }

        return (graph, sets);
    }

    /// <summary>The state after everything, in order of making.</summary>
    public AuthorityState State()
    {
        var (graph, sets) = Build(Enumerable.Range(0, Count));
        return graph.StateOf(sets.Aggregate(graph.Empty, graph.Union));
    }

    public static string Describe(AuthorityState state) => string.Join('\n', [
        .. state.Members.Select(m => $"{m.Identity} {m.Role} {m.Since} {m.Grant}"),
        .. state.Devices.Select(d => $"{d.Device} {d.Identity} {d.Card.LeafKey}"),
        .. state.AuthorizedDevices.Select(d => $"{d.Device}")]);

    private static AuthorityHistory Draw(int count, Random random)
    {
        var history = new AuthorityHistory().Add([], (0, Role.Owner), (1, Role.Member), (2, (Role)random.Next(1, 6)));
        for (var i = 0; i < count; i++)
        {
            int[] predecessors = [.. Enumerable.Range(0, history.Count).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Order()];
            _ = random.Next(3) == 0
                ? history.Introduce(predecessors, random.Next(Cards.Count), random.Next(Cards.Count))
                : history.Add(predecessors, (random.Next(People.Count), (Role)random.Next(0, 6)));
        }

        return history;
    }
}
