namespace HiNet.Crdt.Simulation.Invariants.Subscribers;

/// <summary>What makes an event this one and no other: its place, which of that place's events it is, its kind, and the message that it is about.</summary>
internal readonly record struct EventIdentity(ulong Place, int Index, string Kind, EntryId Target)
{
    /// <summary>The event's identity, given the one that came before it.</summary>
    public static EventIdentity Of(ConversationEvent happened, EventIdentity? previous)
    {
        var place = happened.Cursor.Position;
        var index = previous is { } before && before.Place == place ? before.Index + 1 : 0;
        return new EventIdentity(place, index, happened.GetType().Name, TargetOf(happened));
    }

    public override string ToString() => $"{Kind} at {Place}.{Index}";

    private static EntryId TargetOf(ConversationEvent happened) => happened switch
    {
        MessageAdded added => added.Id,
        MessageEdited edited => edited.Message,
        MessageDeleted deleted => deleted.Message,
        ReactionAdded added => added.Message,
        ReactionRemoved removed => removed.Message,
        MessagesRead read => read.UpTo,
        UnsupportedEntryAdded unsupported => unsupported.Entry,
        EquivocationDetected equivocation => equivocation.First,
        _ => default,
    };
}
