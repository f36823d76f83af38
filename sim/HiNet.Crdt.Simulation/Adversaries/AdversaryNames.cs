namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>The names of adversaries in scenarios: <c>poison-clock</c>.</summary>
internal static class AdversaryNames
{
    private static readonly SortedDictionary<string, AdversaryKind> s_kinds = new(
        Enum.GetValues<AdversaryKind>().ToDictionary(Of), StringComparer.Ordinal);

    public static IEnumerable<string> All => s_kinds.Keys;

    public static string Of(AdversaryKind kind) => kind switch
    {
        AdversaryKind.PoisonClock => "poison-clock",
        _ => kind.ToString().ToLowerInvariant(),
    };

    public static bool TryParse(string name, out AdversaryKind kind) => s_kinds.TryGetValue(name, out kind);
}
