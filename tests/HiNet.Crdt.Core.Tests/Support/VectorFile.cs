using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HiNet.Crdt.Core.Tests.Support;

/// <summary>
/// A file of <c>specs/vectors</c>. With <c>HINET_WRITE_VECTORS=1</c> in the environment, <see cref="ShouldEqual"/> writes the
/// file instead of comparing it: for a change of format that was decided, after which the difference is to be read.
/// </summary>
internal sealed class VectorFile(string name)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public JsonNode Read() => JsonNode.Parse(File.ReadAllText(FindPath()))!;

    /// <summary>What the code makes now has to be what the file says, byte for byte.</summary>
    public void ShouldEqual(JsonNode built)
    {
        var text = built.ToJsonString(s_options).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("HINET_WRITE_VECTORS") == "1")
        {
            File.WriteAllText(FindPath(), text);
        }

        File.ReadAllText(FindPath()).ReplaceLineEndings("\n").ShouldBe(text);
    }

    private string FindPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HiNet.Crdt.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return Path.Combine(folder.FullName, "specs", "vectors", name);
    }
}
