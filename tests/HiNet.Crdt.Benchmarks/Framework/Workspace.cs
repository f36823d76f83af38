namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>The folders of a benchmark run, all below the repository's artifacts.</summary>
internal static class Workspace
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where the reports go.</summary>
    public static string Reports => Directory.CreateDirectory(Path.Combine(Root, "artifacts", "bench")).FullName;

    /// <summary>Where every side keeps its data, so that all of them write to one disk.</summary>
    public static string Data => Directory.CreateDirectory(Path.Combine(Reports, "data")).FullName;

    /// <summary>Where the peers from npm are installed.</summary>
    public static string Peers => Path.Combine(Root, "artifacts", "peers");

    /// <summary>A fresh folder that the caller deletes.</summary>
    public static string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(Data, $"{name}-{Guid.NewGuid():N}")).FullName;

    /// <summary>A copy of a folder's files, that the caller deletes.</summary>
    public static string Copy(string folder, string name)
    {
        var copy = CreateFolder(name);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HiNet.Crdt.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Run the benchmarks from the repository that they were built in: ./build.sh bench");
    }
}
