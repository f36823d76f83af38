using System.Text.Json;

namespace HiNet.Crdt.Cli.Tests;

/// <summary>The names of an object's fields, which scripts rely on.</summary>
internal static class JsonShape
{
    public static string[] Fields(this JsonElement line) => [.. line.EnumerateObject().Select(p => p.Name)];

    public static string Text(this JsonElement line, string field) => line.GetProperty(field).GetString()!;
}
