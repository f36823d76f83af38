using System.CommandLine;
using HiNet.Crdt.Simulation.Diagrams;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>diagram FAILURE.json --out FILE.html</c>: a failure as a page to look at.</summary>
internal static class DiagramVerb
{
    public static Command Create()
    {
        var file = CommonOptions.Failure();
        var output = new Option<FileInfo>("--out") { Description = "The page to write, one HTML file.", Required = true };
        var command = new Command("diagram", "Draws a saved failure: a space-time diagram in one HTML page.") { file, output };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetRequiredValue(output)));
        return command;
    }

    private static int Run(FileInfo file, FileInfo output)
    {
        CommonOptions.CheckOutput(output);
        File.WriteAllText(output.FullName, DiagramPage.Render(CommonOptions.ReadFailure(file)));
        Console.Out.WriteLine(output.FullName);
        return 0;
    }
}
