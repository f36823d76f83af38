namespace HiNet.Crdt.Core.Ports;

/// <summary>What a step of <see cref="Cost"/> is.</summary>
public enum CostKind
{
    /// <summary>A row of the store was read, or passed over in a scan.</summary>
    Row,

    /// <summary>An entry was judged, or looked at to be sent.</summary>
    Entry,

    /// <summary>A head of a device's chain, or of a frontier, was looked at.</summary>
    Head,

    /// <summary>A digest was computed that names or compares something.</summary>
    Hash,

    /// <summary>A signature was made, or asked to be checked.</summary>
    Signature,

    /// <summary>One of several things that wait was looked at to see whether it is the one.</summary>
    Candidate,

    /// <summary>Two authority entries were compared, or one was folded into a state.</summary>
    Authority,

    /// <summary>A link, a channel or a conversation was asked when it is due.</summary>
    Deadline,
}
