namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>What a person can do in a scenario.</summary>
public enum OperationKind
{
    /// <summary>Become the contact of another node's person.</summary>
    Meet,

    /// <summary>Open a direct conversation.</summary>
    Direct,

    /// <summary>Create a group.</summary>
    Group,

    /// <summary>Write a message.</summary>
    Send,

    /// <summary>Answer a message.</summary>
    Reply,

    /// <summary>Edit an own message.</summary>
    Edit,

    /// <summary>Delete an own message.</summary>
    Delete,

    /// <summary>React to a message.</summary>
    React,

    /// <summary>Mark a message as read.</summary>
    Read,

    /// <summary>Add someone to a group.</summary>
    Add,

    /// <summary>Leave a group.</summary>
    Leave,

    /// <summary>Make an invite that several may accept.</summary>
    Invite,

    /// <summary>Accept an invite that an operation made.</summary>
    Accept,

    /// <summary>Lose every connection.</summary>
    Offline,

    /// <summary>Have connections again.</summary>
    Online,
}
