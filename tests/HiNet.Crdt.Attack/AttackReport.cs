namespace HiNet.Crdt.Attack;

/// <summary>What an attack did to its victim, and what the attackers did.</summary>
public sealed record AttackReport
{
    /// <summary>How long a contact took, each time that it came: from the start of its node until the victim had applied a message of its own.</summary>
    public required IReadOnlyList<TimeSpan> Links { get; init; }

    /// <summary>Texts of the contact that the victim had applied.</summary>
    public required IReadOnlyList<string> Heard { get; init; }

    /// <summary>What the victim said of itself at the end.</summary>
    public required VictimReport Victim { get; init; }

    /// <summary>What the attackers got done, by a name for each.</summary>
    public required IReadOnlyDictionary<string, long> Attackers { get; init; }

    /// <summary>The longest of <see cref="Links"/>.</summary>
    public TimeSpan LongestLink => Links.Max();
}
