namespace HiNet.Crdt;

/// <summary>How a conversation came to be.</summary>
public enum ConversationKind
{
    /// <summary>Between two people; its id follows from who they are, so both ends start the same one.</summary>
    Direct,

    /// <summary>Among the people its creator named and those added since.</summary>
    Group,
}
