using System.Text.Json;
using HiNet.Crdt.Mutation;
using HiNet.Crdt.Mutation.Results;
using HiNet.Crdt.Mutation.Running;

if (args is ["worker", var folder])
{
    // A terminal sends Ctrl-C to workers, too. One that ended by it would look like one that its mutant ended.
    Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true;
    return Worker.Serve(folder);
}

if (args.Intersect(["--help", "-h"]).Any())
{
    Console.WriteLine(Options.Usage);
    return 0;
}

if (Options.Parse(args, Console.Error.WriteLine) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

if (options.Paths.FirstOrDefault(path => !Path.Exists(Path.Combine(Workspace.Core, path))) is { } missing)
{
    Console.Error.WriteLine($"There is no '{missing}' in the core: name folders and files relative to src/HiNet.Crdt.Core.");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

Directory.CreateDirectory(Workspace.Artifacts);
var explanations = Explanations.Read(Workspace.Explained);
IReadOnlyList<Verdict> verdicts;
try
{
    verdicts = [.. new Campaign(options, options.Json ? Console.Error : Console.Out).Run(interrupted.Token)
        .Select(verdict => verdict.IsKilled ? verdict : verdict with { Explanation = explanations.Find(verdict.Mutant) })];
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted. What was found is kept, and the next run goes on from there.");
    return 1;
}

var report = new Report(verdicts);
var page = Path.Combine(Workspace.Artifacts, "survivors.md");
File.WriteAllText(page, report.Page());
if (options.Json)
{
    foreach (var verdict in verdicts)
    {
        Console.WriteLine(JsonSerializer.Serialize(verdict, JsonSerializerOptions.Web));
    }

    return 0;
}

foreach (var verdict in report.Open)
{
    Console.WriteLine(Report.Lines(verdict));
}

Console.WriteLine(report.Table());
if (options is { Samples: 1, Limit: int.MaxValue })
{
    foreach (var stale in explanations.Stale(verdicts.Select(verdict => verdict.Mutant.File).ToHashSet()))
    {
        Console.WriteLine($"no such survivor any more, take it out of explained.json: {stale.File} {stale.Member}: {stale.Before} => {stale.After}");
    }
}

Console.WriteLine($"Survivors are listed in {Path.GetRelativePath(Workspace.Root, page)}.");
return 0;
