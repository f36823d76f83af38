namespace HiNet.Crdt;

/// <summary>What a member may do. Ordered: a higher role may all that a lower one may.</summary>
public enum Role
{
    /// <summary>Not a member.</summary>
    None = 0,

    /// <summary>Reads.</summary>
    Reader = 1,

    /// <summary>Reads and writes.</summary>
    Member = 2,

    /// <summary>Also hides others' messages.</summary>
    Moderator = 3,

    /// <summary>Also adds members.</summary>
    Admin = 4,

    /// <summary>Everything.</summary>
    Owner = 5,
}
