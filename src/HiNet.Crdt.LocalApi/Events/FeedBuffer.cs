namespace HiNet.Crdt.LocalApi.Events;

/// <summary>
/// What waits for one reader, counted in events and in characters, and which sources were stopped because too much waits. A source that is stopped costs nothing but
/// its cursor: it goes on behind the last event that found room, when half of what waited has been read. So a reader that is
/// slow, or has fallen asleep, holds neither memory nor threads. Those that were stopped go on in that order and a few at a time:
/// all of a thousand would read a page each, of which the room for a few is all that is used. Calls must not overlap.
/// </summary>
/// <param name="capacity">Events that may wait.</param>
/// <param name="room">Characters of text that may wait, but for an event that waits alone.</param>
internal sealed class FeedBuffer(int capacity, int room = FeedBuffer.MostCharacters)
{
    /// <summary>Characters of text that wait for one reader, at most, unless told otherwise: 4 MiB of memory.</summary>
    internal const int MostCharacters = 2 << 20;

    /// <summary>Sources that were begun again and have not brought anything yet, at most. Each has an event, the one that found no room.</summary>
    internal const int MostBegun = 32;

    /// <summary>By source, the cursor behind which it goes on, for those that have brought something or were begun at a cursor.</summary>
    private readonly Dictionary<ConversationId, EventCursor> _cursors = [];

    /// <summary>Sources that were stopped, in that order.</summary>
    private readonly Queue<ConversationId> _stopped = new();

    /// <summary>Sources that were begun again and have not brought anything yet: 0 to <see cref="MostBegun"/>.</summary>
    private readonly HashSet<ConversationId> _begun = [];

    /// <summary>Characters of text of each event that waits, in order.</summary>
    private readonly Queue<int> _waiting = new();

    /// <summary>The sum of <see cref="_waiting"/>: within the room, or one event's.</summary>
    private int _characters;

    /// <summary>Events that wait: 0 to the capacity.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Sources that were stopped and not yet begun again.</summary>
    public int Stopped => _stopped.Count;

    /// <summary>A source that is not stopped has brought an event. False when there is no room: it is stopped, and the event comes again.</summary>
    public bool TryAdd(ConversationId source, EventCursor cursor, int characters = 0)
    {
        _begun.Remove(source);
        if (Waiting == 0 || (Waiting < capacity && characters <= room - _characters))
        {
            _waiting.Enqueue(characters);
            _characters += characters;
            _cursors[source] = cursor;
            return true;
        }

        _cursors.TryAdd(source, new EventCursor(Math.Max(cursor.Position, 1) - 1));
        _stopped.Enqueue(source);
        return false;
    }

    /// <summary>An event was read. Gives the sources that go on now, and behind which cursors.</summary>
    public IReadOnlyList<(ConversationId Source, EventCursor Behind)> Read()
    {
        if (!_waiting.TryDequeue(out var characters))
        {
            throw new InvalidOperationException("Nothing waits to be read.");
        }

        _characters -= characters;
        if (_stopped.Count == 0 || Waiting > capacity / 2 || _characters > room / 2)
        {
            return [];
        }

        List<(ConversationId, EventCursor)> begun = [];
        while (_begun.Count < MostBegun && _stopped.TryDequeue(out var source))
        {
            _begun.Add(source);
            begun.Add((source, _cursors[source]));
        }

        return begun;
    }
}
