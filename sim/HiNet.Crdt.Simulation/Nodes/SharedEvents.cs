using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>
/// What was read behind a cursor since the disk last changed. The many subscribers of a conversation are told of the same events at
/// the same time, so the first of them reads for all; each place is read for itself, never taken out of what lies behind another.
/// </summary>
internal sealed class SharedEvents(SimulatedDisk disk)
{
    private readonly Dictionary<(ConversationId Conversation, EventCursor After), (int Limit, IReadOnlyList<ConversationEvent> Events)> _read = [];
    private long _version;

    public void Clear() => _read.Clear();

    public IReadOnlyList<ConversationEvent> Read(NodeReader reader, ConversationId conversation, EventCursor after, int limit)
    {
        if (_version != disk.Version)
        {
            _read.Clear();
            _version = disk.Version;
        }

        if (_read.TryGetValue((conversation, after), out var known) && (limit <= known.Limit || known.Events.Count < known.Limit))
        {
            return known.Events.Count <= limit ? known.Events : [.. known.Events.Take(limit)];
        }

        var events = reader.Events(conversation, after, limit);
        _read[(conversation, after)] = (limit, events);
        return events;
    }
}
