using System.Globalization;
using HiNet.Crdt.Simulation.Failures;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>Keeps failures as files in one folder, and says on stderr where and how to see them again.</summary>
internal sealed class FailureStore(DirectoryInfo folder)
{
    public static bool IsFailure(SimulationResult result) => result is not (SimulationResult.Pass or SimulationResult.Unknown);

    /// <summary>Asked before a run, so that no run is in vain. The folder is made when there is something to keep.</summary>
    public void Check()
    {
        var path = folder.FullName;
        while (path is not null && !Directory.Exists(path))
        {
            if (File.Exists(path))
            {
                throw new HiNetException($"--failures {folder} cannot be a folder: {path} is a file.");
            }

            path = Path.GetDirectoryName(path);
        }
    }

    /// <summary>A failure that cannot be saved is told of all the same, with what finds it again.</summary>
    public void SaveAndTell(Failure failure)
    {
        var path = Path.Combine(folder.FullName, NameOf(failure));
        try
        {
            folder.Create();
            File.WriteAllText(path, FailureWriter.Write(failure));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(Summary(failure));
            Console.Error.WriteLine($"  Not saved: {problem.Message}");
            Console.Error.WriteLine($"  Again: {failure.FoundBy}");
            return;
        }

        Tell(failure, path);
    }

    /// <summary>Seed, commit, scenario, invariant and time in one line, the file in the next, and one command that shows it again.</summary>
    public static void Tell(Failure failure, string path)
    {
        var shown = Shown(path);
        Console.Error.WriteLine(Summary(failure));
        Console.Error.WriteLine($"  Saved: {shown}");
        Console.Error.WriteLine($"  Again: hinet-sim replay {Quoted(shown)}");
    }

    private static string Summary(Failure failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"  seed {failure.Seed}, commit {failure.Commit ?? "unknown"}, scenario {failure.Name}, invariant {failure.Invariant ?? "none"}, at {failure.At.TotalSeconds:0.000000} virtual seconds");

    // A path below the current directory is shorter relative to it.
    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>A path as a shell takes it.</summary>
    public static string Quoted(string path) =>
        path.Any(character => char.IsWhiteSpace(character) || character is '\'' or '"' or '$' or '*') ? $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'" : path;

    private static string NameOf(Failure failure)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{failure.Name}-{failure.Seed}-{failure.Invariant ?? failure.Result.ToString().ToLowerInvariant()}");
        return string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' ? character : '_')) + ".json";
    }
}
