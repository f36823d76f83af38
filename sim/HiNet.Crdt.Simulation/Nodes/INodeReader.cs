namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>What can be read out of a home. Conversations that the home does not hold are a programmer's error.</summary>
internal interface INodeReader
{
    IReadOnlyList<Contact> Contacts();

    IReadOnlyList<ConversationId> Conversations();

    IReadOnlyList<GroupInvitation> Invitations();

    bool Has(ConversationId conversation);

    ConversationKind Kind(ConversationId conversation);

    string Name(ConversationId conversation);

    IReadOnlyList<Member> Members(ConversationId conversation);

    EventCursor LastCursor(ConversationId conversation);

    /// <summary>Behind <paramref name="after"/>, in order of arrival; fewer than <paramref name="limit"/> mean that there are no more.</summary>
    IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit);

    IReadOnlyList<Message> ReadPage(ConversationId conversation, int limit, EntryId? before);

    Message? Find(ConversationId conversation, EntryId message);

    ConversationSummary Summarize(ConversationId conversation);

    ConversationStatus Status(ConversationId conversation);

    /// <summary>Applied entries over all conversations.</summary>
    long Entries();
}
