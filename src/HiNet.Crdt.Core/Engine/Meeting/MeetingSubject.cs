namespace HiNet.Crdt.Core.Engine.Meeting;

/// <summary>Whom a topic is to bring together. Closed: only the records in this file.</summary>
internal abstract record MeetingSubject
{
    private MeetingSubject()
    {
    }

    /// <summary>Someone this node knows, or is in a group with.</summary>
    public sealed record Person(IdentityId Identity) : MeetingSubject;

    /// <summary>Whoever takes up an invite of this node's.</summary>
    public sealed record Invitee : MeetingSubject;

    /// <summary>Whoever made the invite that this node accepted.</summary>
    public sealed record Inviter(IdentityId Identity) : MeetingSubject;

    /// <summary>The members of a group.</summary>
    public sealed record Group(ConversationId Conversation) : MeetingSubject;
}
