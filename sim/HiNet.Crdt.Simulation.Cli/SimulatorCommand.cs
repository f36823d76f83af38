using System.CommandLine;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>hinet-sim</c>: its verbs, and what a wrong use of them looks like (exit code 2, one sentence on stderr).</summary>
internal static class SimulatorCommand
{
    private const int WrongUsage = 2;

    internal static int Invoke(string[] arguments)
    {
        var root = new RootCommand("Runs the engine in simulated worlds: the same seed, the same run.")
        {
            RunVerb.Create(),
            SweepVerb.Create(),
            TraceVerb.Create(),
            DhtVerb.Create(),
            ReplayVerb.Create(),
            FuzzVerb.Create(),
            ShrinkVerb.Create(),
            DiagramVerb.Create(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine("hinet-sim: " + error.Message);
            }

            var verb = parsed.CommandResult.Command == root ? string.Empty : " " + parsed.CommandResult.Command.Name;
            Console.Error.WriteLine($"hinet-sim{verb} --help says what there is.");

            return WrongUsage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (HiNetException problem)
        {
            Console.Error.WriteLine("hinet-sim: " + problem.Message);
            return WrongUsage;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine("hinet-sim: " + problem.Message);
            return WrongUsage;
        }
    }
}
