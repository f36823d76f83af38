using System.Globalization;
using System.Text.Json;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>What a worker's line says of a run that did not pass.</summary>
internal sealed record SweepFailure(string Result, string? Invariant, ulong Seed, string Problem, TimeSpan At, ulong TraceHash)
{
    public static SweepFailure Of(JsonElement run, string result, string problem) => new(
        result,
        run.GetProperty("invariant").GetString(),
        run.GetProperty("seed").GetUInt64(),
        problem,
        TimeSpan.FromMicroseconds(Math.Round(run.GetProperty("virtualSeconds").GetDouble() * 1_000_000)),
        ulong.Parse(run.GetProperty("traceHash").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}
