using System.Security.Cryptography;
using System.Text;
using HiNet.Crdt.Mutation.Running;

namespace HiNet.Crdt.Mutation.Results;

/// <summary>Short hashes of source, by which a later run knows what has changed.</summary>
internal sealed class Fingerprints
{
    private const string TestNamespace = "HiNet.Crdt.Core.Tests.";

    private readonly string _core;
    private readonly string _tests;
    private readonly string _support;
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    public Fingerprints(string core, string tests, string simulation, string settings)
    {
        _core = core;
        _tests = tests;
        _support = OfFolder(tests, static file => !file.Contains("Tests", StringComparison.Ordinal));
        Simulation = OfFolder(simulation);
        Everything = Hash(settings + OfFolder(core) + OfFolder(tests) + Simulation);
    }

    /// <summary>The simulator's source.</summary>
    public string Simulation { get; }

    /// <summary>All source, and the settings that decide what runs: a survivor's verdict holds as long as this does.</summary>
    public string Everything { get; }

    /// <summary>A file of the core.</summary>
    public string OfCore(string file) => OfFile(Path.Combine(_core, file));

    /// <summary>The source of a check: the simulator, or the files of the test's type and all those that hold no tests, which any test may use.</summary>
    public string OfCheck(string check)
    {
        if (check.StartsWith(SeedCase.Prefix, StringComparison.Ordinal))
        {
            return Simulation;
        }

        var type = check[..check.LastIndexOf('.')].Split('+')[0];
        var path = Path.Combine(_tests, type[TestNamespace.Length..].Replace('.', Path.DirectorySeparatorChar));
        var folder = Path.GetDirectoryName(path)!;
        return Directory.Exists(folder)
            ? Hash(_support + string.Concat(Directory.EnumerateFiles(folder, Path.GetFileName(path) + "*.cs").Order(StringComparer.Ordinal).Select(OfFile)))
            : "";
    }

    private static string OfFolder(string folder) => OfFolder(folder, static _ => true);

    private static string OfFolder(string folder, Func<string, bool> counts) => Hash(string.Concat(
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && counts(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal)
            .Select(path => Path.GetRelativePath(folder, path) + Hash(File.ReadAllText(path)))));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private string OfFile(string path)
    {
        lock (_files)
        {
            return _files.TryGetValue(path, out var known) ? known : _files[path] = Hash(File.ReadAllText(path));
        }
    }
}
