using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>Names in files and tables: those of the source, with a small first letter.</summary>
internal static class FuzzNames
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static bool TryParse<T>(string name, [MaybeNullWhen(false)] out T value)
        where T : struct, Enum =>
        Enum.TryParse(name, ignoreCase: true, out value) && Of(value) == name;
}
