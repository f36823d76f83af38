namespace HiNet.Crdt.Core.Tests.Support;

/// <summary>Causal histories of real projects, which lie beside the checkout where they are available and never in it.</summary>
internal static class SharedData
{
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HiNet.Crdt.sln")))
            {
                var file = Path.Combine(folder.FullName, "../shared/data", name);
                return File.Exists(file) ? file : null;
            }
        }

        return null;
    }
}

/// <summary>A test that needs such a history, and says so where it is not there.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string name)
    {
        if (SharedData.Find(name) is null)
        {
            Skip = $"needs {name}, a recorded causal history that is not part of the repository";
        }
    }
}
