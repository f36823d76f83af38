namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>
/// Finds a small part of a list that still fails: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input",
/// IEEE TSE 28(2), 2002, algorithm ddmin. What it returns fails, and leaving out any single item of it does not, unless the
/// runs were used up before that was known.
/// </summary>
internal static class DeltaDebugging
{
    /// <param name="items">A list that fails.</param>
    /// <param name="fails">Whether a part of it, in the same order, fails too.</param>
    public static IReadOnlyList<T> Minimize<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> fails)
    {
        if (items.Count == 0 || fails([]))
        {
            return [];
        }

        var parts = 2;
        while (items.Count >= 2)
        {
            parts = Math.Min(parts, items.Count);
            if (Reduce(items, parts, fails) is { } found)
            {
                (items, parts) = found;
            }
            else if (parts == items.Count)
            {
                break;
            }
            else
            {
                parts = 2 * parts;
            }
        }

        return items;
    }

    // First one part alone, then all but one.
    private static (IReadOnlyList<T> Items, int Parts)? Reduce<T>(IReadOnlyList<T> items, int parts, Func<IReadOnlyList<T>, bool> fails)
    {
        for (var part = 0; part < parts; part++)
        {
            var (from, to) = BoundsOf(part);
            T[] subset = [.. items.Skip(from).Take(to - from)];
            if (fails(subset))
            {
                return (subset, 2);
            }
        }

        for (var part = 0; parts > 2 && part < parts; part++)
        {
            var (from, to) = BoundsOf(part);
            T[] complement = [.. items.Take(from), .. items.Skip(to)];
            if (fails(complement))
            {
                return (complement, Math.Max(parts - 1, 2));
            }
        }

        return null;

        (int From, int To) BoundsOf(int part) =>
            ((int)((long)part * items.Count / parts), (int)((part + 1L) * items.Count / parts));
    }
}
