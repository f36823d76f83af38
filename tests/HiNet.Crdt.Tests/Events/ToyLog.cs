using HiNet.Crdt.Events;

namespace HiNet.Crdt.Tests.Events;

/// <summary>A conversation whose n-th entry, when even, brings an event with cursor n.</summary>
internal sealed class ToyLog : IEventReader
{
    private long _last;
    private int _largestPage;

    public int LargestPage => Volatile.Read(ref _largestPage);

    public bool IsUnreadable { get; set; }

    public bool IsBroken { get; set; }

    public EventCursor LastCursor(ConversationId conversation) => new((ulong)Interlocked.Read(ref _last));

    public EventCursor Append() => new((ulong)Interlocked.Increment(ref _last));

    public IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit)
    {
        if (IsUnreadable)
        {
            throw new HiNetException("The toy log cannot be read.");
        }

        ObjectDisposedException.ThrowIf(IsBroken, this);
        var last = (ulong)Interlocked.Read(ref _last);
        var page = new List<ConversationEvent>();
        for (var n = after.Position + 1; n <= last && page.Count < limit; n++)
        {
            if (n % 2 == 0)
            {
                page.Add(new MemberLeft(conversation, new EventCursor(n), default, new Person(default, string.Empty)));
            }
        }

        _largestPage = Math.Max(_largestPage, page.Count);
        return page;
    }
}
