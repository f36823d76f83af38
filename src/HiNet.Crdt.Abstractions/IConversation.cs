namespace HiNet.Crdt;

/// <summary>
/// One conversation on one node. Operations complete when they are durable on this node's disk; they never wait for a peer.
/// Reading never waits either. All members may be called from any thread.
/// </summary>
public interface IConversation
{
    /// <summary>The same on every member's node.</summary>
    ConversationId Id { get; }

    /// <summary>Direct or group.</summary>
    ConversationKind Kind { get; }

    /// <summary>The group's name, or the other person's.</summary>
    string Name { get; }

    /// <summary>Who is in it now, oldest first.</summary>
    IReadOnlyList<Member> Members { get; }

    /// <summary>What happens from now on. Slow observers fall back to reading the store: nothing is lost and nothing piles up. Never ends in an error.</summary>
    IObservable<ConversationEvent> Events { get; }

    /// <summary>What happened behind <paramref name="cursor"/>, then what happens; without gap or repetition between the two.</summary>
    IObservable<ConversationEvent> EventsFrom(EventCursor cursor);

    /// <summary>Writes a message of 1 to 65,536 bytes of UTF-8.</summary>
    /// <exception cref="HiNetException">The text is empty or too long, or one may not write here (any more).</exception>
    Task<SentMessage> SendAsync(string text, CancellationToken cancellationToken = default);

    /// <summary>Writes an answer to <paramref name="message"/>.</summary>
    Task<SentMessage> ReplyAsync(EntryId message, string text, CancellationToken cancellationToken = default);

    /// <summary>Replaces the text of an own message. Concurrent edits: the one later in conversation order shows, everywhere.</summary>
    Task<SentMessage> EditAsync(EntryId message, string text, CancellationToken cancellationToken = default);

    /// <summary>Deletes an own message for everyone, for good.</summary>
    Task<SentMessage> DeleteAsync(EntryId message, CancellationToken cancellationToken = default);

    /// <summary>Adds a reaction of 1 to 64 bytes of UTF-8, or takes it back with <paramref name="remove"/>.</summary>
    Task<SentMessage> ReactAsync(EntryId message, string emoji, bool remove = false, CancellationToken cancellationToken = default);

    /// <summary>Tells the others that <paramref name="message"/> and all before it are read.</summary>
    Task<SentMessage> MarkReadAsync(EntryId message, CancellationToken cancellationToken = default);

    /// <summary>Adds a contact to a group.</summary>
    Task<SentMessage> AddMemberAsync(IdentityId member, CancellationToken cancellationToken = default);

    /// <summary>Leaves a group for good, unless someone adds this person again. What was said stays readable here.</summary>
    Task<SentMessage> LeaveAsync(CancellationToken cancellationToken = default);

    /// <summary>The newest <paramref name="limit"/> messages before <paramref name="before"/> (or of all), in conversation order, oldest first.</summary>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="before">A message's id.</param>
    IReadOnlyList<Message> ReadPage(int limit = 50, EntryId? before = null);

    /// <summary>One message, or null when this node does not have it.</summary>
    Message? Find(EntryId message);

    /// <summary>A line for a list of conversations.</summary>
    ConversationSummary Summarize();

    /// <summary>Frontier and state hash.</summary>
    ConversationStatus GetStatus();
}
