using System.CommandLine;
using System.Globalization;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one line of JSON instead of sentences." };

    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "What everything derives from: a decimal, or the 40 hex digits of a commit.",
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
        Description = "The folder where failures are saved; made when there is one.",
        DefaultValueFactory = _ => new DirectoryInfo("sim-failures"),
    };

    public static Argument<FileInfo> Failure() => new("failure") { Description = "A failure's JSON file." };

    /// <summary>Reads a failure, and names the file in front of what is wrong with it.</summary>
    public static Failure ReadFailure(FileInfo file)
    {
        var text = ReadFile(file, "a failure file");
        try
        {
            return FailureReader.Parse(text);
        }
        catch (FailureFormatException) when (IsScenario(text))
        {
            throw new HiNetException($"{file} is a scenario and no saved failure: try hinet-sim run {file}.");
        }
        catch (FailureFormatException problem)
        {
            throw new HiNetException($"{file}, {problem.Message}");
        }
    }

    /// <summary>Reads a scenario, and names the file in front of what is wrong with it.</summary>
    public static Scenario ReadScenario(FileInfo file)
    {
        var text = ReadFile(file, "a scenario");
        try
        {
            return ScenarioReader.Parse(text);
        }
        catch (ScenarioException) when (IsFailure(text))
        {
            throw new HiNetException($"{file} is a saved failure and no scenario: try hinet-sim replay {file}.");
        }
        catch (ScenarioException problem)
        {
            throw new HiNetException($"{file}, {problem.Message}");
        }
    }

    /// <summary>A file's text.</summary>
    /// <param name="file">The file.</param>
    /// <param name="what">What it should be, with its article.</param>
    public static string ReadFile(FileInfo file, string what)
    {
        if (Directory.Exists(file.FullName))
        {
            throw new HiNetException($"{file} is a folder: give the path of {what}.");
        }

        if (!file.Exists)
        {
            throw new HiNetException($"there is no file {file}: give the path of {what}.");
        }

        return File.ReadAllText(file.FullName);
    }

    /// <summary>Asked before long work whose result is to be written there.</summary>
    public static void CheckOutput(FileInfo file)
    {
        if (Directory.Exists(file.FullName))
        {
            throw new HiNetException($"--out {file} is a folder: give the path of a file in it.");
        }

        if (file.Directory is { Exists: false } folder)
        {
            throw new HiNetException($"--out {file} cannot be written: there is no folder {folder.FullName}.");
        }
    }

    private static bool IsScenario(string text)
    {
        try
        {
            ScenarioReader.Parse(text);
            return true;
        }
        catch (ScenarioException)
        {
            return false;
        }
    }

    private static bool IsFailure(string text)
    {
        try
        {
            FailureReader.Parse(text);
            return true;
        }
        catch (FailureFormatException)
        {
            return false;
        }
    }
}
