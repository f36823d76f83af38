using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>A causal history with entries left out: whoever had seen one of them has seen what that one had seen.</summary>
internal static class HistorySubset
{
    /// <param name="history">The whole.</param>
    /// <param name="kept">Indices of the entries that stay, ascending.</param>
    public static CausalTrace Of(CausalTrace history, IReadOnlyList<int> kept)
    {
        SortedDictionary<int, int> places = [];
        List<string> authors = [];
        List<TraceEntry> entries = [];
        foreach (var index in kept)
        {
            var entry = history.Entries[index];
            var name = history.Authors[entry.Author];
            var author = authors.IndexOf(name);
            if (author < 0)
            {
                author = authors.Count;
                authors.Add(name);
            }

            places.Add(index, entries.Count);
            entries.Add(entry with { Author = author, Parents = Nearest(history, entry, places) });
        }

        return new CausalTrace(authors, entries);
    }

    private static int[] Nearest(CausalTrace history, TraceEntry entry, SortedDictionary<int, int> places)
    {
        SortedSet<int> found = [];
        HashSet<int> seen = [];
        Stack<int> open = new(entry.Parents);
        while (open.TryPop(out var parent))
        {
            if (!seen.Add(parent))
            {
                continue;
            }

            if (places.TryGetValue(parent, out var place))
            {
                found.Add(place);
                continue;
            }

            foreach (var earlier in history.Entries[parent].Parents)
            {
                open.Push(earlier);
            }
        }

        return [.. found];
    }
}
