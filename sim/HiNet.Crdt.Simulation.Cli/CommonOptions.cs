using System.CommandLine;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one line of JSON instead of sentences." };

    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "What everything derives from: a decimal, or the 40 hex digits of a commit. 1 when left out.",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            if (Seeds.TryParse(result.Tokens[0].Value, out var seed))
            {
                return seed;
            }

            result.AddError($"--seed {result.Tokens[0].Value} is no seed: give a decimal below 2^64, or the 40 hex digits of a commit.");
            return 0;
        },
    };

    /// <summary>Reads a scenario, and names the file in front of what is wrong with it.</summary>
    public static Scenarios.Scenario ReadScenario(FileInfo file)
    {
        try
        {
            return Scenarios.ScenarioReader.Parse(File.ReadAllText(file.FullName));
        }
        catch (Scenarios.ScenarioException problem)
        {
            throw new HiNetException($"{file.Name}, {problem.Message}");
        }
        catch (FileNotFoundException)
        {
            throw new HiNetException($"there is no file {file.Name}: give the path of a scenario.");
        }
    }
}
