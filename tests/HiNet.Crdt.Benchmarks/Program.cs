using System.Globalization;
using HiNet.Crdt.Benchmarks;
using HiNet.Crdt.Benchmarks.External;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Benchmarks.Limits;
using HiNet.Crdt.Benchmarks.Ours;
using HiNet.Crdt.Benchmarks.Reports;
using HiNet.Crdt.Benchmarks.Slopes;

const string Usage = "usage: ./build.sh bench [--runs N] [--only TEXT]   (N: 1 to 100, by default 5; TEXT: part of a row's id, or 'slopes' for growth with size, 'slopes-dht' for a part of it)";

if (await ChildProcess.TryServeAsync(args) is { } exitCode)
{
    return exitCode;
}

var rounds = 5;
var only = "";
for (var i = 0; i < args.Length; i += 2)
{
    switch (args[i], args.ElementAtOrDefault(i + 1))
    {
        case ("--runs", { } number) when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds is > 0 and <= 100:
            break;
        case ("--only", { } text):
            only = text;
            break;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}

var isSlopes = only.StartsWith(EntriesAndMembers.Verb, StringComparison.OrdinalIgnoreCase);
Row[] rows = isSlopes
    ? [.. EntriesAndMembers.Slopes.SelectMany(slope => slope.Rows).Where(row => row.Id.Contains(only, StringComparison.OrdinalIgnoreCase))]
    : [.. FirstBar.Rows.Where(row => row.Id.Contains(only, StringComparison.OrdinalIgnoreCase))];
if (rows.Length == 0)
{
    Console.Error.WriteLine($"No row's id contains '{only}'. There are: {string.Join(", ", FirstBar.Rows.Select(row => row.Id))}");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

try
{
    var session = new Session([.. OurMeasurements.All, .. EntriesAndMembers.Measurements, .. MachineLimits.All, .. Peers.All], rounds, Console.Error);
    var results = await session.MeasureAsync(rows, interrupted.Token);
    if (only.Length == 0)
    {
        await session.MeasureInTurnAsync(FirstBar.Beside, interrupted.Token);
    }

    var machine = Machine.Current;
    var table = MarkdownReport.Create(machine, results, session.Measured) + (isSlopes ? SlopeTable.Create(session.Measured) : "");
    File.WriteAllText(Path.Combine(Workspace.Reports, "results.json"), JsonReport.Create(machine, results, session.Measured));
    File.WriteAllText(Path.Combine(Workspace.Reports, "results.md"), table);
    foreach (var result in results)
    {
        if (BarPlot.Create(result) is { } plot)
        {
            File.WriteAllText(Path.Combine(Workspace.Reports, result.Row.Id + ".svg"), plot);
        }
    }

    foreach (var slope in isSlopes ? EntriesAndMembers.Slopes : [])
    {
        if (GrowthPlot.Create(slope, session.Measured.ToDictionary()) is { } plot)
        {
            File.WriteAllText(Path.Combine(Workspace.Reports, slope.Id + ".svg"), plot);
        }
    }

    Console.WriteLine(table);
    Console.WriteLine($"Written to {Path.GetRelativePath(Workspace.Root, Workspace.Reports)}: results.json, results.md and a plot for each row.");
    return 0;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted: nothing was written.");
    return 1;
}
finally
{
    Directory.Delete(Workspace.Data, recursive: true);
}
