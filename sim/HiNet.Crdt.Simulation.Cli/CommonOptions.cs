using System.CommandLine;
using System.Globalization;
using HiNet.Crdt.Simulation.Failures;

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

    /// <summary>A whole number within bounds; anything else is answered with one sentence.</summary>
    public static Option<int> Count(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {least:N0} to {most:N0}, not {result.Tokens[0].Value}."));
            return least;
        },
    };

    public static Option<DirectoryInfo> Failures() => new("--failures")
    {
        Description = "Where failures are saved; sim-failures in the current directory when left out.",
        DefaultValueFactory = _ => new DirectoryInfo("sim-failures"),
    };

    public static Argument<FileInfo> Failure() => new("failure") { Description = "A failure's JSON file." };

    /// <summary>Reads a failure, and names the file in front of what is wrong with it.</summary>
    public static Failure ReadFailure(FileInfo file)
    {
        try
        {
            return FailureReader.Parse(File.ReadAllText(file.FullName));
        }
        catch (FailureFormatException problem)
        {
            throw new HiNetException($"{file.Name}, {problem.Message}");
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HiNetException($"there is no file {file.Name}: give the path of a failure file.");
        }
    }

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
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HiNetException($"there is no file {file.Name}: give the path of a scenario.");
        }
    }
}
