using System.Diagnostics;

namespace HiNet.Crdt.Simulation.Cli.Tests;

/// <summary>Runs the program in a process of its own, as users do.</summary>
internal static class SimulatorProcess
{
    public static (int ExitCode, string Output, string Problems) Run(params string[] arguments) => Run(_ => { }, arguments);

    /// <param name="meanwhile">Is called once with the process that has begun.</param>
    /// <param name="arguments">Of the command line.</param>
    public static (int ExitCode, string Output, string Problems) Run(Action<Process> meanwhile, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "hinet-sim.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var problems = process.StandardError.ReadToEndAsync();
        meanwhile(process);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, problems.GetAwaiter().GetResult());
    }

    public static string Scenario(string name) => Path.Combine(AppContext.BaseDirectory, "scenarios", name + ".json");

    public static string Seed(string name) => Path.Combine(AppContext.BaseDirectory, "seeds", name + ".json");

    /// <summary>A file with a text, for the length of a test.</summary>
    public static TemporaryFile File(string text) => new(text);

    internal sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text)
        {
            Path = System.IO.Path.GetTempFileName();
            System.IO.File.WriteAllText(Path, text);
        }

        public string Path { get; }

        public void Dispose() => System.IO.File.Delete(Path);
    }
}
