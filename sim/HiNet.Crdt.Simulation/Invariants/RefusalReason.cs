namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Why an engine may refuse what a person asks for.</summary>
internal enum RefusalReason
{
    /// <summary>A sentence that the catalogue does not have: nothing justifies it.</summary>
    Unknown,

    /// <summary>Others would refuse what the node was about to write. Nothing in these worlds justifies it.</summary>
    OthersRefuse,
    StorageFailed,
    NoSuchConversation,
    HistoryNotArrived,
    NotMember,
    OwnEntriesBehind,
    TextInvalid,
    NoSuchMessage,
    NotOwnMessage,
    MessageDeleted,
    EmojiInvalid,
    NotContact,
    AlreadyMember,
    NotAdmin,
    NotInDirect,
    GroupNameInvalid,
    GroupTooLarge,
    NoInvitation,
    TooManyInviters,
    InviteUsesInvalid,
    TooManyInvites,
    InviteInvalid,
    InviteOwn,
    InviteExpired,
}
