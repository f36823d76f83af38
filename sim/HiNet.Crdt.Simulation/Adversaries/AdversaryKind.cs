namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>What a node that does not keep to the protocol does. It is a person's node like any other and a member wherever it was made one.</summary>
public enum AdversaryKind
{
    /// <summary>Writes two entries in one place of its device's chain and gives each to another peer.</summary>
    Equivocate,

    /// <summary>Writes entries that claim to be older than what they follow, or as old as they may.</summary>
    Backdate,

    /// <summary>Writes entries from the far future and lies about the time.</summary>
    PoisonClock,

    /// <summary>Bad signatures, entries in others' names, wrong places in chains and histories, rights that it does not have.</summary>
    Forge,

    /// <summary>Sends what it once received or sent, again and elsewhere.</summary>
    Replay,

    /// <summary>Too much of everything that is allowed: links, channels, messages, entries, bytes.</summary>
    Flood,

    /// <summary>Says that it has entries and never delivers them; stops in the middle of handshakes and transfers.</summary>
    Withhold,

    /// <summary>Random bytes: before the handshake, in place of it, within the stream, within channels.</summary>
    Garbage,

    /// <summary>Passes on what others said without what they said.</summary>
    Strip,

    /// <summary>Invites to groups that are none, and with a wrong key to those that are.</summary>
    Squat,

    /// <summary>Introduces ever more devices of its own person.</summary>
    Sybil,

    /// <summary>Holds links on which nobody shows who they are.</summary>
    Crowd,

    /// <summary>Makes epochs without a box for one of the members.</summary>
    Exclude,

    /// <summary>Says that it has more, and brings nothing again and again.</summary>
    Drip,
}
