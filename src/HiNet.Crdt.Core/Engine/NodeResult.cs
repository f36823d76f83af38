namespace HiNet.Crdt.Core.Engine;

/// <summary>How a command ended.</summary>
public abstract record NodeResult
{
    private NodeResult()
    {
    }

    /// <summary>Done, with nothing to tell.</summary>
    public sealed record Done : NodeResult;

    /// <summary>An entry was written and is durable.</summary>
    public sealed record Written(EntryId Entry, MessageState State) : NodeResult;

    /// <summary>A conversation is there and durable.</summary>
    public sealed record Opened(ConversationId Conversation) : NodeResult;

    public sealed record Invited(string Invite) : NodeResult;

    public sealed record Added(Contact Contact) : NodeResult;

    /// <summary>What the DHT answered.</summary>
    public sealed record OfDht(Dht.DhtResult Result) : NodeResult;

    /// <summary>The links that are up, the oldest first.</summary>
    public sealed record Linked(IReadOnlyList<LinkSummary> Links) : NodeResult;

    /// <summary>Not done; one sentence for the caller that says what to do.</summary>
    public sealed record Refused(string Problem) : NodeResult;

    /// <summary>Not done, because the node was stopped before; one sentence for the caller.</summary>
    public sealed record Stopped(string Problem) : NodeResult;
}
