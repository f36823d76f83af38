namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>An oracle objects to what the engine did.</summary>
internal sealed class FuzzFinding(string oracle, string what, SimulationResult result = SimulationResult.Safety) : Exception(what)
{
    /// <summary>Its stable id.</summary>
    public string Oracle { get; } = oracle;

    public SimulationResult Result { get; } = result;

    /// <summary>Objects unless something is so.</summary>
    public static void Require(bool holds, string oracle, Func<string> otherwise, SimulationResult result = SimulationResult.Safety)
    {
        if (!holds)
        {
            throw new FuzzFinding(oracle, otherwise(), result);
        }
    }
}
