using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>
/// A conversation on a simulated node. Awaiting an operation from a test moves virtual time until it is durable; inside an
/// observer or another part of the world the task completes later, inside virtual time, and its continuation runs there.
/// </summary>
public sealed class SimulatedConversation : IConversation
{
    private readonly SimulatedNode _node;

    internal SimulatedConversation(SimulatedNode node, ConversationId id)
    {
        _node = node;
        Id = id;
        Feed = new EventFeed(node, id);
    }

    /// <inheritdoc/>
    public ConversationId Id { get; }

    /// <inheritdoc/>
    public ConversationKind Kind => Reader.Kind(Id);

    /// <inheritdoc/>
    public string Name => Reader.Name(Id);

    /// <inheritdoc/>
    public IReadOnlyList<Member> Members => Reader.Members(Id);

    /// <inheritdoc/>
    public IObservable<ConversationEvent> Events => new FeedObservable(Feed, null);

    internal EventFeed Feed { get; }

    private INodeReader Reader => _node.Process.Home.Reader;

    /// <inheritdoc/>
    public IObservable<ConversationEvent> EventsFrom(EventCursor cursor) => new FeedObservable(Feed, cursor);

    /// <inheritdoc/>
    public Task<SentMessage> SendAsync(string text, CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.SendText(Id, text, null), cancellationToken);

    /// <inheritdoc/>
    public Task<SentMessage> ReplyAsync(EntryId message, string text, CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.SendText(Id, text, message), cancellationToken);

    /// <inheritdoc/>
    public Task<SentMessage> EditAsync(EntryId message, string text, CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.Edit(Id, message, text), cancellationToken);

    /// <inheritdoc/>
    public Task<SentMessage> DeleteAsync(EntryId message, CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.Delete(Id, message), cancellationToken);

    /// <inheritdoc/>
    public Task<SentMessage> ReactAsync(EntryId message, string emoji, bool remove = false, CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.React(Id, message, emoji, remove), cancellationToken);

    /// <inheritdoc/>
    public Task<SentMessage> MarkReadAsync(EntryId message, CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.MarkRead(Id, message), cancellationToken);

    /// <inheritdoc/>
    public Task<SentMessage> AddMemberAsync(IdentityId member, CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.AddMember(Id, member), cancellationToken);

    /// <inheritdoc/>
    public Task<SentMessage> LeaveAsync(CancellationToken cancellationToken = default) =>
        WriteAsync(new NodeCommand.Leave(Id), cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<Message> ReadPage(int limit = 50, EntryId? before = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 10_000);
        return Reader.ReadPage(Id, limit, before);
    }

    /// <inheritdoc/>
    public Message? Find(EntryId message) => Reader.Find(Id, message);

    /// <inheritdoc/>
    public ConversationSummary Summarize() => Reader.Summarize(Id);

    /// <inheritdoc/>
    public ConversationStatus GetStatus() => Reader.Status(Id);

    private Task<SentMessage> WriteAsync(NodeCommand command, CancellationToken cancellationToken) =>
        _node.AskAsync(
            command,
            result => result switch
            {
                NodeResult.Written written => new SentMessage(written.Entry, written.State),
                _ => new SentMessage(default, MessageState.Stored),
            },
            cancellationToken);
}
