namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Which reason a refusal's sentence gives, and whether it passes with time.</summary>
internal static class RefusalCatalogue
{
    private static readonly (string Part, RefusalReason Reason)[] s_sentences =
    [
        ("The disk is full", RefusalReason.StorageFailed),
        ("no such conversation", RefusalReason.NoSuchConversation),
        ("history has not arrived yet", RefusalReason.HistoryNotArrived),
        ("not a member of this group", RefusalReason.NotMember),
        ("own newer entries are still on their way", RefusalReason.OwnEntriesBehind),
        ("The text is ", RefusalReason.TextInvalid),
        ("no such message", RefusalReason.NoSuchMessage),
        ("your own messages", RefusalReason.NotOwnMessage),
        ("This message was deleted", RefusalReason.MessageDeleted),
        ("A reaction is ", RefusalReason.EmojiInvalid),
        ("is not a contact", RefusalReason.NotContact),
        ("is a member already", RefusalReason.AlreadyMember),
        ("Only an admin or owner", RefusalReason.NotAdmin),
        ("direct conversation", RefusalReason.NotInDirect),
        ("A group's name is ", RefusalReason.GroupNameInvalid),
        ("A group starts with at most", RefusalReason.GroupTooLarge),
        ("leaves no room for this", RefusalReason.OthersRefuse),
        ("do not fit into a group's first entry", RefusalReason.GroupTooLarge),
        ("A group has at most", RefusalReason.GroupTooLarge),
        ("An invite is for ", RefusalReason.InviteUsesInvalid),
        ("invites are outstanding", RefusalReason.TooManyInvites),
        ("This invite is your own", RefusalReason.InviteOwn),
        ("This invite has expired", RefusalReason.InviteExpired),
        ("No invitation to this group", RefusalReason.NoInvitation),
        ("people have invited to this group before", RefusalReason.TooManyInviters),
        ("invite", RefusalReason.InviteInvalid),
    ];

    public static RefusalReason ReasonOf(string sentence)
    {
        foreach (var (part, reason) in s_sentences)
        {
            if (sentence.Contains(part, StringComparison.Ordinal))
            {
                return reason;
            }
        }

        return RefusalReason.Unknown;
    }

    /// <summary>Whether the same may be accepted later, so that it is worth another attempt.</summary>
    public static bool Passes(RefusalReason reason) => reason
        is RefusalReason.StorageFailed
        or RefusalReason.NoSuchConversation
        or RefusalReason.HistoryNotArrived
        or RefusalReason.OwnEntriesBehind
        or RefusalReason.NotContact;
}
