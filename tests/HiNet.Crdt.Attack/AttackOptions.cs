namespace HiNet.Crdt.Attack;

/// <summary>What an attack is started with.</summary>
public sealed record AttackOptions
{
    /// <summary>An empty folder for the victim's store. It stays, so that it can be looked at afterwards.</summary>
    public required string Folder { get; init; }

    /// <summary>How long all attackers are at work.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Only the attackers whose name begins with one of these, to find out which does what; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Where to tell how it goes; null tells nothing.</summary>
    public TextWriter? Log { get; init; }
}
