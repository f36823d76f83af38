namespace HiNet.Crdt;

/// <summary>How far it has come between two people.</summary>
public enum ContactStatus
{
    /// <summary>Each knows the other.</summary>
    Met,

    /// <summary>Their invite was accepted here, and their node has not answered yet. What is written waits with it.</summary>
    Waiting,

    /// <summary>Their node has answered that others used the invite up: ask them for a new one. What was written still waits.</summary>
    InviteUsed,

    /// <summary>The invite ran out before the two nodes met: ask for a new one. What was written still waits.</summary>
    InviteExpired,
}
