using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Workload;

namespace HiNet.Crdt.Simulation.Tests.Scenarios;

/// <summary>What a seed's world may be: hostile as can be, and still one in which the engine promises something.</summary>
public sealed class SwarmGeneratorTests
{
    private const int Seeds = 2_000;

    [Fact]
    public void Adversaries_leave_the_others_a_majority_and_never_are_two_who_lie_about_the_time()
    {
        var pairs = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var scenario = SwarmGenerator.Generate(seed);
            var hostile = scenario.Adversaries;
            (2 * hostile.Count).ShouldBeLessThan(scenario.Nodes, $"seed {seed}");
            hostile.Select(adversary => adversary.Node).Distinct().Count().ShouldBe(hostile.Count);
            hostile.Count(adversary => adversary.Kind == AdversaryKind.PoisonClock).ShouldBeLessThan(2, $"seed {seed}");
            pairs += hostile.Count == 2 ? 1 : 0;
        }

        pairs.ShouldBeGreaterThan(Seeds / 50, "or this says nothing");
    }

    [Fact]
    public void Every_kind_of_adversary_has_its_worlds() =>
        Enumerable.Range(1, Seeds).SelectMany(seed => SwarmGenerator.Generate((ulong)seed).Adversaries).Select(adversary => adversary.Kind).Distinct()
            .Order().ShouldBe(Enum.GetValues<AdversaryKind>());

    [Fact]
    public void What_few_people_do_has_its_worlds()
    {
        List<Scenario> worlds = [.. Enumerable.Range(1, Seeds).Select(seed => SwarmGenerator.Generate((ulong)seed))];
        Share(worlds, scenario => Has(scenario, operation => operation.Do == OperationKind.Add && !operation.IsAfterwards)).ShouldBeGreaterThan(0.1);
        Share(worlds, scenario => Has(scenario, operation => operation is { Do: OperationKind.Accept })).ShouldBeGreaterThan(0.05);
        Share(worlds, scenario => Has(scenario, operation => operation.Times > 64)).ShouldBeGreaterThan(0.01);
        Share(worlds, scenario => Has(scenario, operation => operation.Bytes > 65_000)).ShouldBeGreaterThan(0.01);
        Share(worlds, scenario => Has(scenario, operation => operation.IsAfterwards)).ShouldBe(1);
        Share(worlds, scenario => scenario.AttacksGoOn).ShouldBeGreaterThan(0.1);
        Share(worlds, scenario => scenario.Nodes > 16).ShouldBeInRange(0.0001, 0.01);
        foreach (var bound in ScenarioBounds.All.Where(bound => bound.Name != "links"))
        {
            Share(worlds, scenario => scenario.Bounds.ContainsKey(bound.Name)).ShouldBeGreaterThan(0.05, bound.Name);
            worlds.ShouldAllBe(scenario => !scenario.Bounds.ContainsKey(bound.Name)
                || (scenario.Bounds[bound.Name] >= bound.Least && scenario.Bounds[bound.Name] <= bound.Usual));
        }
    }

    private static double Share(List<Scenario> worlds, Predicate<Scenario> what) => (double)worlds.FindAll(what).Count / worlds.Count;

    private static bool Has(Scenario scenario, Predicate<Operation> what) => scenario.Operations.Any(operation => what(operation));
}
