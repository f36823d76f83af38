namespace HiNet.Crdt.Mutation.Running;

/// <summary>What a check does with no mutant on.</summary>
/// <param name="Name">A test's name, or a seed.</param>
/// <param name="Milliseconds">What it took of a processor while it was recorded.</param>
/// <param name="Duration">How long it took by the clock.</param>
/// <param name="Steps">Turns of loops.</param>
/// <param name="Reached">For each mutant one byte, 1 if the check reached it where it can matter.</param>
internal sealed record CheckProfile(string Name, double Milliseconds, TimeSpan Duration, long Steps, byte[] Reached)
{
    private const long SpareSteps = 2_000_000;
    private const int MoreSteps = 20;
    private const int MoreTime = 30;

    private static readonly TimeSpan s_spareTime = TimeSpan.FromSeconds(15);

    public bool IsSeed => Name.StartsWith(SeedCase.Prefix, StringComparison.Ordinal);

    /// <summary>Turns of loops after which a mutant is taken to go on for ever.</summary>
    public long StepLimit => SpareSteps + (MoreSteps * Steps);

    /// <summary>Time after which a mutant is taken to go on for ever.</summary>
    public TimeSpan Patience => s_spareTime + (MoreTime * Duration);
}
