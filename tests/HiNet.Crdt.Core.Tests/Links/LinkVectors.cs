using System.Text.Json;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>specs/vectors/links.json.</summary>
internal static class LinkVectors
{
    private static readonly Lazy<JsonElement> s_root = new(Load);

    public static JsonElement Root => s_root.Value;

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    /// <summary>The plaintext of the channel vector that starts with <paramref name="what"/>.</summary>
    public static string Channel(string what) => Root.GetProperty("channels").EnumerateArray()
        .Single(vector => vector.GetProperty("what").GetString()!.StartsWith(what, StringComparison.Ordinal))
        .GetProperty("plaintext").GetString()!;

    private static JsonElement Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HiNet.Crdt.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "specs", "vectors", "links.json"))).RootElement;
    }
}
