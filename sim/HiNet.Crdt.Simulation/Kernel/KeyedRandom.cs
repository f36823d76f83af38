namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>
/// Randomness as a function: a draw depends on (seed, stream, owner, counter) and on nothing that happened before. Leaving one
/// operation out of a run therefore shifts no other draw, without which shrinking a failure does not work. The mixing is
/// SplitMix64's finaliser (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014), once a word.
/// </summary>
internal sealed class KeyedRandom(ulong seed)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private readonly ulong _seed = Mix(seed + Step);

    public ulong Seed { get; } = seed;

    public static ulong Mix(ulong word)
    {
        word = (word ^ (word >> 30)) * 0xBF58_476D_1CE4_E5B9;
        word = (word ^ (word >> 27)) * 0x94D0_49BB_1331_11EB;
        return word ^ (word >> 31);
    }

    public ulong Draw(int stream, ulong owner, ulong counter) =>
        Mix(Mix(Mix(_seed ^ ((ulong)stream * Step)) + (owner * Step)) ^ ((counter + 1) * Step));

    public ulong Draw(DrawStream stream, ulong owner, ulong counter) => Draw((int)stream, owner, counter);

    /// <summary>0 to <paramref name="bound"/> - 1; the bias of a 64-bit multiplication is far below what a run could show.</summary>
    public long Below(DrawStream stream, ulong owner, ulong counter, long bound) =>
        bound <= 1 ? 0 : (long)Math.BigMul(Draw(stream, owner, counter), (ulong)bound, out _);

    /// <summary><paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public long Between(DrawStream stream, ulong owner, ulong counter, long from, long to) =>
        from + Below(stream, owner, counter, to - from + 1);

    public bool Chance(DrawStream stream, ulong owner, ulong counter, double probability) =>
        probability > 0 && Draw(stream, owner, counter) >> 11 < (ulong)(probability * (1UL << 53));
}
