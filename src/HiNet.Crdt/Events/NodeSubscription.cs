using HiNet.Crdt.Core.Engine.Reading;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>An observer of the node's own events, and the newest of them that wait for it.</summary>
internal sealed class NodeSubscription(IObserver<NodeEvent> observer, ILogger logger) : Subscription<NodeEvent>(observer, logger)
{
    private readonly NewestItems<NodeEvent> _waiting = new();

    internal void Announce(NodeEvent announced)
    {
        lock (Gate)
        {
            _waiting.Add(announced);
        }

        Signal();
    }

    protected override IReadOnlyList<NodeEvent> Fetch()
    {
        lock (Gate)
        {
            return _waiting.TakeAll();
        }
    }
}
