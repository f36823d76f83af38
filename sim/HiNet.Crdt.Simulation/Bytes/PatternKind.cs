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
}
