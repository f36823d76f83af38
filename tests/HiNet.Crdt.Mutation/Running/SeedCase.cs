using System.Globalization;
using System.Reflection;

namespace HiNet.Crdt.Mutation.Running;

/// <summary>One generated world of the simulator that was built against the instrumented copy.</summary>
internal sealed class SeedCase(Func<ulong, object> run, ulong seed)
{
    public const string Prefix = "seed ";

    // Results that say nothing against the engine: it held, or too little was done to tell.
    private static readonly string[] s_harmless = ["Pass", "Unknown"];

    /// <summary>How the simulator is called.</summary>
    public static Func<ulong, object> Runner(Assembly simulation)
    {
        var method = simulation.GetType("HiNet.Crdt.Simulation.Scenarios.ScenarioRunner", throwOnError: true)!.GetMethod("RunSwarm", [typeof(ulong)])!;
        return seed => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [seed], CultureInfo.InvariantCulture)!;
    }

    /// <summary>Runs the world.</summary>
    /// <exception cref="SeedFailedException">An invariant was broken, or a promise not kept in time.</exception>
    public void Run()
    {
        var report = run(seed);
        var type = report.GetType();
        if (!s_harmless.Contains(type.GetProperty("Result")!.GetValue(report)!.ToString()))
        {
            throw new SeedFailedException($"{type.GetProperty("Invariant")!.GetValue(report)}: {type.GetProperty("Problem")!.GetValue(report)}");
        }
    }
}
