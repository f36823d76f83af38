namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>A test between network namespaces; skipped, with the reason, where they cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LanFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_problem = new(Lan.Problem);

    public LanFactAttribute() => Skip = s_problem.Value is { } problem ? $"needs the right to make network namespaces, and ip (root on Linux; Debian: iproute2): {problem}" : null;
}
