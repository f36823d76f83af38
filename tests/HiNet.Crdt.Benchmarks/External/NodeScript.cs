using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.External;

/// <summary>A peer from npm: one run is one process of its script, whose last line on stdout is the result as JSON.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="script">Below <see cref="Workspace.Peers"/>.</param>
/// <param name="entries">How many entries it handles.</param>
internal sealed class NodeScript(string name, string script, int entries) : IMeasurement
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _path = Path.Combine(Workspace.Peers, script);

    public string Name => name;

    public string? Unavailable =>
        !IsNodeInstalled() ? "Node is not installed"
        : !Directory.Exists(Path.Combine(Path.GetDirectoryName(_path)!, "node_modules")) ? "the npm packages are not installed; ./build.sh bench installs them"
        : null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Workspace.Peers };
        start.ArgumentList.Add(_path);
        start.ArgumentList.Add(entries.ToString(CultureInfo.InvariantCulture));
        start.Environment["TMPDIR"] = Workspace.Data;
        using var process = Process.Start(start) ?? throw new MeasurementException("node did not start");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var problems = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MeasurementException($"{script} did not end within {Limit.TotalMinutes} minutes");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return process.ExitCode == 0
            ? Read(await output)
            : throw new MeasurementException($"{script} ended with {process.ExitCode}: {Problem(await problems)}");
    }

    // Node prints the place, the error, the stack and its version: the error is the line that names one.
    private static string Problem(string problems) =>
        problems.Split('\n').FirstOrDefault(line => line.Contains("Error", StringComparison.Ordinal))?.Trim() ?? problems.Trim();

    private static Dictionary<string, double> Read(string output)
    {
        using var result = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        if (!result.RootElement.TryGetProperty("entries", out var count))
        {
            return result.RootElement.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Number).ToDictionary(field => field.Name, field => field.Value.GetDouble());
        }

        var entries = count.GetDouble();
        var figures = new Dictionary<string, double> { [Metric.Rate] = entries / result.RootElement.GetProperty("seconds").GetDouble() };
        if (result.RootElement.TryGetProperty("bytesIn", out var bytesIn) && result.RootElement.TryGetProperty("bytesOut", out var bytesOut))
        {
            figures[Metric.WireBytes] = (bytesIn.GetDouble() + bytesOut.GetDouble()) / entries;
        }

        return figures;
    }

    private static bool IsNodeInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node")));
}
