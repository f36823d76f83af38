namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>A test between network namespaces, with avahi in one; skipped, with the reason, where either cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AvahiFactAttribute : FactAttribute
{
    private static readonly string[] s_programs = ["ip", "avahi-daemon", "avahi-browse", "avahi-publish", "dbus-daemon", "stdbuf"];
    private static readonly Lazy<string?> s_problem = new(FindProblem);

    public AvahiFactAttribute() => Skip = s_problem.Value;

    private static string? FindProblem()
    {
        // Daemons stand beside the path of a user who is not root.
        string[] folders = [.. Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [], "/usr/sbin", "/sbin"];
        var missing = s_programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToArray();
        return missing.Length > 0
            ? $"needs {string.Join(", ", missing)}, not installed here (Debian: avahi-daemon avahi-utils dbus iproute2)"
            : Lan.Problem() is { } problem ? $"needs the right to make network namespaces (root on Linux): {problem}" : null;
    }
}
