using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>Ways to make the surroundings of a failure simpler, one at a time: a network without loss, clocks without skew.</summary>
internal static class Calming
{
    public static IReadOnlyList<Func<Scenario, Scenario>> Ways { get; } =
    [
        scenario => scenario with { RealCryptography = false },
        scenario => scenario with { AttacksGoOn = false },
        .. Scenarios.ScenarioBounds.All.Select<ScenarioBound, Func<Scenario, Scenario>>(bound => scenario => bound.Without(scenario)),
        scenario => scenario with { ClockSkew = TimeSpan.Zero },
        scenario => On(scenario, network => network with { Loss = 0 }),
        scenario => On(scenario, network => network with { Reset = 0 }),
        scenario => On(scenario, network => network with { Split = 0 }),
        scenario => On(scenario, network => network with { Duplicate = 0, Reorder = 0 }),
        scenario => On(scenario, network => network with { BytesPerSecond = 0 }),
        scenario => On(scenario, network => network with { LinkBufferBytes = new NetworkOptions().LinkBufferBytes }),
        scenario => On(scenario, network => network with { MinimumLatency = s_latency, MaximumLatency = s_latency }),
    ];

    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(20);

    private static Scenario On(Scenario scenario, Func<NetworkOptions, NetworkOptions> change) => scenario with { Network = change(scenario.Network) };
}
