using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HiNet.Crdt.Interop.Tests;

/// <summary>Where Node and the pinned packages of <c>tests/interop</c> are; installs the packages on first use.</summary>
internal static class NodePeers
{
    private static readonly TimeSpan s_installTimeout = TimeSpan.FromMinutes(3);
    private static readonly string[] s_packages = ["@hyperswarm/secret-stream", "protomux"];
    private static readonly Lazy<string?> s_unavailable = new(Prepare);

    /// <summary>Why the JavaScript peers cannot run here, or null when they can.</summary>
    public static string? Unavailable => s_unavailable.Value;

    public static string Folder { get; } = Locate();

    /// <summary>The version of an installed package.</summary>
    public static string? VersionOf(string package) =>
        (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "node_modules", package, "package.json")))!["version"];

    private static string Locate()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HiNet.Crdt.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return Path.Combine(folder.FullName, "tests", "interop");
    }

    private static string? Prepare()
    {
        if (!IsOnPath("node"))
        {
            return "Node is not on the PATH: install Node 20 or later to run the JavaScript peers.";
        }

        if (IsInstalled())
        {
            return null;
        }

        if (!IsOnPath("npm"))
        {
            return "npm is not on the PATH, and tests/interop/node_modules is missing.";
        }

        return Install() && IsInstalled() ? null : "npm ci in tests/interop failed: the JavaScript peers are not installed.";
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")) || File.Exists(Path.Combine(folder, program + ".cmd")));

    private static bool IsInstalled() =>
        s_packages.All(package => File.Exists(Path.Combine(Folder, "node_modules", package, "package.json")));

    private static bool Install()
    {
        // Its output goes nowhere, so that a full pipe cannot block it.
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--silent"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
        });
        if (npm is null)
        {
            return false;
        }

        npm.StandardInput.Close();
        if (npm.WaitForExit(s_installTimeout))
        {
            return npm.ExitCode == 0;
        }

        npm.Kill(entireProcessTree: true);
        return false;
    }
}
