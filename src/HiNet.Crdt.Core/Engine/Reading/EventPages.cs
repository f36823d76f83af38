namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>
/// How a subscription reads its conversation's events out of the log: from where, how many at a time, and whether there is
/// reason to. All that is kept of the log is a cursor.
/// </summary>
/// <param name="after">Where to begin: behind this cursor.</param>
public sealed class EventPages(EventCursor after)
{
    /// <summary>Live events come in pages of so many.</summary>
    public const int FirstPage = 16;

    /// <summary>Whoever reads from afar is given pages of up to so many.</summary>
    public const int LargestPage = 256;

    /// <summary>The last place up to which events are known to be there; never decreases.</summary>
    private EventCursor _published;

    /// <summary>As <see cref="_published"/> was when the last reading began.</summary>
    private EventCursor _publishedBefore;

    /// <summary>Behind the last event that was about to be delivered, or behind places that bring none; never decreases.</summary>
    public EventCursor Cursor { get; private set; } = after;

    /// <summary>Events to ask for: between <see cref="FirstPage"/> and <see cref="LargestPage"/>.</summary>
    public int Limit { get; private set; } = FirstPage;

    /// <summary>Everything up to a cursor can be read. False when all of that was read already.</summary>
    public bool Published(EventCursor upTo)
    {
        _published = upTo.CompareTo(_published) > 0 ? upTo : _published;
        return upTo.CompareTo(Cursor) > 0;
    }

    /// <summary>At most <see cref="Limit"/> events behind <see cref="Cursor"/> are read now.</summary>
    public void Begin() => _publishedBefore = _published;

    /// <summary>So many were there.</summary>
    public void Fetched(int count)
    {
        if (count == 0 && _publishedBefore.CompareTo(Cursor) > 0)
        {
            // Entries may bring no event: what was published before the reading began need not be read again.
            Cursor = _publishedBefore;
        }

        Limit = count < Limit ? FirstPage : Math.Min(2 * Limit, LargestPage);
    }

    /// <summary>An event is about to be delivered.</summary>
    public void Delivering(EventCursor cursor) => Cursor = cursor;
}
