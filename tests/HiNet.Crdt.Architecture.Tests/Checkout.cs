using System.Diagnostics;

namespace HiNet.Crdt.Architecture.Tests;

/// <summary>The repository that these tests were built from: its files as git sees them, ignored ones left out.</summary>
internal static class Checkout
{
    private static readonly Lazy<IReadOnlyList<string>> Listing = new(List);

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that is committed or about to be, relative to <see cref="Root"/>, with forward slashes, sorted.</summary>
    public static IReadOnlyList<string> Files => Listing.Value;

    /// <summary>Files with one of these endings below one of the source folders.</summary>
    public static IEnumerable<string> Sources(params string[] folders) => Files.Where(file =>
        file.EndsWith(".cs", StringComparison.Ordinal) && folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal)));

    /// <summary>Every project file.</summary>
    public static IEnumerable<ProjectFile> Projects => Files
        .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(file => ProjectFile.Parse(file, Read(file)));

    /// <summary>The text of a file of <see cref="Files"/>.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HiNet.Crdt.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests read the repository that they were built in, and it is not above " + AppContext.BaseDirectory);
    }

    private static IReadOnlyList<string> List()
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            start.ArgumentList.Add(argument);
        }

        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        var problems = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(file => File.Exists(Path.Combine(Root, file)))
                .Distinct().Order(StringComparer.Ordinal)]
            : throw new InvalidOperationException("git could not list the files: " + problems.GetAwaiter().GetResult());
    }
}
