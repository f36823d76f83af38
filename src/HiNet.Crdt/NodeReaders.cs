using System.Collections.Concurrent;
using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt;

/// <summary>Readers of durable state for whoever asks: each serves one call at a time and keeps its caches between calls.</summary>
internal sealed class NodeReaders(Func<NodeReader> create)
{
    private readonly ConcurrentBag<NodeReader> _idle = [];
    private volatile bool _closed;

    /// <summary>A reader of one's own, for a subscription.</summary>
    internal NodeReader Create() => create();

    /// <exception cref="NodeStoppedException">The node is stopped.</exception>
    internal T Read<TArgument, T>(TArgument argument, Func<NodeReader, TArgument, T> read)
    {
        if (_closed)
        {
            throw new NodeStoppedException("The node is stopped: start it again.");
        }

        if (!_idle.TryTake(out var reader))
        {
            reader = create();
        }

        // Not given back when it throws: what it had cached by then is anybody's guess.
        var result = read(reader, argument);
        _idle.Add(reader);
        return result;
    }

    /// <summary>Reads nothing more, not even from a reader's caches.</summary>
    internal void Close() => _closed = true;
}
