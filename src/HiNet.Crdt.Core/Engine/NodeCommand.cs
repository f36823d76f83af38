namespace HiNet.Crdt.Core.Engine;

/// <summary>What an application can ask of a node. Closed: only the records in this file.</summary>
public abstract record NodeCommand
{
    private NodeCommand()
    {
    }

    public sealed record CreateInvite(IReadOnlyList<string> AddressHints, int Uses = 1) : NodeCommand;

    public sealed record AddContact(string Invite, string? Name) : NodeCommand;

    public sealed record OpenDirect(IdentityId Contact) : NodeCommand;

    public sealed record CreateGroup(string Name, IReadOnlyList<IdentityId> Members) : NodeCommand;

    public sealed record SendText(ConversationId Conversation, string Text, EntryId? ReplyTo) : NodeCommand;

    public sealed record Edit(ConversationId Conversation, EntryId Message, string Text) : NodeCommand;

    public sealed record Delete(ConversationId Conversation, EntryId Message) : NodeCommand;

    public sealed record React(ConversationId Conversation, EntryId Message, string Emoji, bool Remove) : NodeCommand;

    public sealed record MarkRead(ConversationId Conversation, EntryId Message) : NodeCommand;

    public sealed record AddMember(ConversationId Conversation, IdentityId Member) : NodeCommand;

    public sealed record Leave(ConversationId Conversation) : NodeCommand;

    /// <summary>Join a group to which invitations wait.</summary>
    public sealed record AcceptInvitation(ConversationId Group) : NodeCommand;

    /// <summary>Forget the invitations to a group that wait.</summary>
    public sealed record DeclineInvitation(ConversationId Group) : NodeCommand;

    /// <summary>Link to an address (host:port) and keep the link: dialled again with back-off when it ends.</summary>
    public sealed record KeepLinked(string Address) : NodeCommand;

    /// <summary>Ask the DHT: for operators and diagnostics.</summary>
    public sealed record UseDht(Dht.DhtOperation Operation) : NodeCommand;

    /// <summary>List the links that are up.</summary>
    public sealed record ListLinks : NodeCommand;

    /// <summary>Close every link with a reason; nothing more is accepted afterwards.</summary>
    public sealed record Stop : NodeCommand;
}
