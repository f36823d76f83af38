namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What came of a group's control key that somebody said.</summary>
internal enum KeyOffer
{
    /// <summary>It may be the group's, or is known to be.</summary>
    Taken,

    /// <summary>It is not the group's, or who says so has said another one before.</summary>
    Wrong,

    /// <summary>It may be the group's, and so many others may be that there is no place for it.</summary>
    NoPlace,
}
