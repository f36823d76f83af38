using System.Globalization;

namespace HiNet.Crdt.Simulation;

/// <summary>
/// A simulated world has found something wrong: an invariant broken, a limit reached, an exception in the engine. The message
/// has all that is needed to see it again: the seed, the virtual time and the invariant's id.
/// </summary>
public sealed class SimulationException : HiNetException
{
    internal SimulationException(SimulationResult result, string invariant, ulong seed, TimeSpan time, string detail, Exception? innerException = null)
        : base(Describe(invariant, seed, time, detail), innerException!)
    {
        Result = result;
        Invariant = invariant;
        Seed = seed;
        Time = time;
        Detail = detail;
    }

    /// <summary>What kind of failure it is; never <see cref="SimulationResult.Pass"/>.</summary>
    public SimulationResult Result { get; }

    /// <summary>The stable id of the invariant, such as <c>no-self-fork</c>.</summary>
    public string Invariant { get; }

    /// <summary>The world's seed.</summary>
    public ulong Seed { get; }

    /// <summary>Virtual time since the start of the world.</summary>
    public TimeSpan Time { get; }

    /// <summary>What was seen, without seed and time.</summary>
    public string Detail { get; }

    private static string Describe(string invariant, ulong seed, TimeSpan time, string detail) =>
        string.Create(CultureInfo.InvariantCulture, $"[{invariant}] {detail} (seed {seed}, at {time.TotalSeconds:0.000000} virtual seconds)");
}
