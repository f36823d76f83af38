using System.CommandLine;
using HiNet.Crdt.Cli.Output;

namespace HiNet.Crdt.Cli.Doctor;

/// <summary><c>doctor</c>: checks what a node needs of its machine.</summary>
internal static class DoctorVerb
{
    public static Command Define(CliApplication application) => application.Verb(
        "doctor", "Check native libraries, ports, clock, disk, the DHT, the local network and reachability.", RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var allWell = true;
        await foreach (var check in Checks.RunAsync(context.Home, cancellationToken).ConfigureAwait(false))
        {
            allWell &= check.Ok;
            context.Print(check, CliJson.Shared.CheckLine, c => $"{(c.Ok ? "[green]ok[/]     " : "[red]problem[/]")} {c.Check,-12} {People.Text(c.Detail)}");
        }

        return allWell ? 0 : 1;
    }
}
