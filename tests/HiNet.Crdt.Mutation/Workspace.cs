namespace HiNet.Crdt.Mutation;

/// <summary>The folders of the repository that mutation reads, and the one that it writes.</summary>
internal static class Workspace
{
    private const string Framework = "net10.0";

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The project that is mutated.</summary>
    public static string Core { get; } = Path.Combine(Root, "src", "HiNet.Crdt.Core");

    /// <summary>What the core's build generated.</summary>
    public static string CoreGenerated { get; } = Path.Combine(Core, "obj", Configuration, Framework);

    /// <summary>The core's unit tests.</summary>
    public static string Tests { get; } = Path.Combine(Root, "tests", "HiNet.Crdt.Core.Tests");

    /// <summary>The built unit tests, with everything that they need.</summary>
    public static string BuiltTests { get; } = Path.Combine(Tests, "bin", Configuration, Framework);

    /// <summary>The simulator.</summary>
    public static string Simulation { get; } = Path.Combine(Root, "sim", "HiNet.Crdt.Simulation");

    /// <summary>The built simulator.</summary>
    public static string BuiltSimulation { get; } = Path.Combine(Simulation, "bin", Configuration, Framework);

    /// <summary>The mutants that nothing can notice, each with the reason.</summary>
    public static string Explained { get; } = Path.Combine(Root, "tests", "HiNet.Crdt.Mutation", "explained.json");

    /// <summary>Where everything that a run leaves is.</summary>
    public static string Artifacts { get; } = Path.Combine(Root, "artifacts", "mutate");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HiNet.Crdt.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Run the mutation tests from the repository that they were built in: ./build.sh mutate");
    }
}
