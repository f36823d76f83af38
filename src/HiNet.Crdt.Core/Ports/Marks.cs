namespace HiNet.Crdt.Core.Ports;

/// <summary>
/// Names places in the code that a sweep of simulations must have reached. Outside the simulator nothing listens and a hit costs one test.
/// </summary>
public sealed class Marks
{
    private readonly SortedDictionary<string, long> _hits = new(StringComparer.Ordinal);

    /// <summary>For nodes outside the simulator: counts nothing.</summary>
    public static Marks None { get; } = new() { Enabled = false };

    public bool Enabled { get; private init; } = true;

    public IReadOnlyDictionary<string, long> Hits => _hits;

    public void Hit(string mark)
    {
        if (Enabled)
        {
            _hits[mark] = _hits.GetValueOrDefault(mark) + 1;
        }
    }
}
