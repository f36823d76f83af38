using System.Reflection;

namespace HiNet.Crdt.Simulation;

/// <summary>Which build this is.</summary>
public static class BuildVersion
{
    private static readonly string[] s_parts =
        (typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+', 2);

    /// <summary>The product's version.</summary>
    public static string Product => s_parts[0];

    /// <summary>The commit that it was built from; null for a build outside a checkout.</summary>
    public static string? Commit => s_parts.Length > 1 ? s_parts[1] : null;
}
