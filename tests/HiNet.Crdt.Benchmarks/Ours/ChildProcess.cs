using System.Diagnostics;
using System.Text.Json;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Benchmarks.Ours.Dht;
using HiNet.Crdt.Benchmarks.Ours.Simulator;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Work of ours that has to be done in a process of its own: this program again, with a verb that is not for people.</summary>
internal static class ChildProcess
{
    private const string Verb = "child";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs one piece of work in a fresh process and takes the figures that it prints last.</summary>
    /// <exception cref="MeasurementException">It failed, or did not end in three minutes.</exception>
    public static async Task<Dictionary<string, double>> RunAsync(string work, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(work, arguments);
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<Dictionary<string, double>>(output.TrimEnd().Split('\n')[^1])!
                : throw new MeasurementException($"the process for '{work}' ended with {process.ExitCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MeasurementException($"the process for '{work}' did not end within {Limit.TotalMinutes} minutes");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Starts work that goes on until its standard input is closed, which disposing the process does.</summary>
    public static Process Start(string work, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (var argument in (string[])[Verb, work, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new MeasurementException($"the process for '{work}' did not start");
    }

    /// <summary>Null unless these are a child's arguments; else the exit code of its work, done.</summary>
    public static async Task<int?> TryServeAsync(string[] arguments)
    {
        if (arguments is not [Verb, var work, .. var rest])
        {
            return null;
        }

        var figures = work switch
        {
            BulkReceiver.Work => await BulkReceiver.RunAsync(rest),
            BacklogReceiver.Work => await BacklogReceiver.RunAsync(rest),
            StoreOpener.Work => await StoreOpener.RunAsync(rest),
            IdleContacts.Work => await IdleContacts.RunAsync(rest),
            SimulatedScenario.Work => SimulatedScenario.Run(rest),
            _ => throw new ArgumentException($"There is no work called {work}."),
        };
        Console.WriteLine(JsonSerializer.Serialize(figures));
        return 0;
    }
}
