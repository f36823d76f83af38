using System.Globalization;
using System.Text.Json;
using HiNet.Crdt.Attack;
using HiNet.Crdt.Attack.Attackers;
using HiNet.Crdt.Attack.Victims;

switch (args)
{
    case [VictimProgram.Verb, .. var rest]:
        return await VictimProgram.RunAsync(rest);
    case [AttackerProgram.Verb, .. var rest]:
        return await AttackerProgram.RunAsync(rest);
    case [var seconds, .. var only] when double.TryParse(seconds, CultureInfo.InvariantCulture, out var duration):
        var folder = Directory.CreateTempSubdirectory("attack");
        try
        {
            var options = new AttackOptions { Folder = folder.FullName, Duration = TimeSpan.FromSeconds(duration), Only = only, Log = Console.Error };
            var report = await AttackRun.RunAsync(options, CancellationToken.None);
            var figures = new
            {
                links = report.Links.Count,
                longestLink = report.LongestLink.TotalSeconds,
                sends = report.Victim.SendMilliseconds.Count,
                p50 = report.Victim.SendPercentile(0.5),
                p99 = report.Victim.SendPercentile(0.99),
                longestSend = report.Victim.SendPercentile(1),
                victim = report.Victim with { SendMilliseconds = [] },
                report.Attackers,
            };
            Console.WriteLine(JsonSerializer.Serialize(figures, new JsonSerializerOptions { WriteIndented = true }));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

    default:
        Console.Error.WriteLine("usage: HiNet.Crdt.Attack SECONDS [ATTACKER…]   (attacks a fresh node for so long, by all or by those named, and prints what came of it)");
        return 2;
}
