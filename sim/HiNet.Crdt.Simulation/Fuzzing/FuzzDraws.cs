using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Draws lists of operations. Each case has some of the kinds and some of the twists, in a share of its own, so that what one kind does to
/// a replica is not always hidden by another. Short cases are as frequent as long ones, octave by octave.
/// </summary>
internal sealed class FuzzDraws(KeyedRandom random)
{
    private const int LeastOctave = 2;
    private const int Octaves = 5;

    private ulong _draws;

    public int Draw(int bound) => (int)random.Below(DrawStream.Fuzz, 0, _draws++, bound);

    public bool Chance(int oneIn) => Draw(oneIn) == 0;

    /// <summary>4 to 127.</summary>
    public int Length()
    {
        var least = 1 << (LeastOctave + Draw(Octaves));
        return least + Draw(least);
    }

    /// <summary>About two thirds of these; all where none is left.</summary>
    public IReadOnlyList<T> Some<T>(IReadOnlyList<T> all)
    {
        List<T> some = [.. all.Where(_ => Draw(3) > 0)];
        return some.Count == 0 ? all : some;
    }

    /// <summary>Mostly small, seldom up to a thousand.</summary>
    public int Number() => Chance(3) ? Draw(1_000) : Draw(24);
}
