namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>What a byte string that is looked for is.</summary>
internal enum PatternKind
{
    /// <summary>Something that a person wrote.</summary>
    Text,

    /// <summary>A group's name.</summary>
    GroupName,

    /// <summary>What a person calls themselves.</summary>
    PersonName,

    Identity,

    Device,

    Conversation,

    /// <summary>The key by which others write to a device, which is in no place but its card.</summary>
    LeafKey,

    /// <summary>Where a node is dialled.</summary>
    Address,

    /// <summary>What makes an invite good.</summary>
    InviteSecret,
}
