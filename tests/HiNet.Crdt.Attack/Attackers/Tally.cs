using System.Collections.Concurrent;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Counts what the attackers get done.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> _counts = [];

    public IReadOnlyDictionary<string, long> Counts => new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);

    public void Count(string what, long more = 1) => _counts.AddOrUpdate(what, more, (_, count) => count + more);
}
