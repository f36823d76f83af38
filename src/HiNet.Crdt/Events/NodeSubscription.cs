using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>
/// An observer of the node's own events. They are kept nowhere else, so a bounded number waits here; beyond it the oldest
/// go, because an observer that slow has no use for them.
/// </summary>
internal sealed class NodeSubscription(IObserver<NodeEvent> observer, ILogger logger) : Subscription<NodeEvent>(observer, logger)
{
    internal const int MaximumWaiting = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<NodeEvent> _waiting = new();

    internal void Announce(NodeEvent announced)
    {
        lock (_gate)
        {
            if (_waiting.Count == MaximumWaiting)
            {
                _waiting.Dequeue();
            }

            _waiting.Enqueue(announced);
        }

        Signal();
    }

    protected override IReadOnlyList<NodeEvent> Next()
    {
        lock (_gate)
        {
            var next = _waiting.ToArray();
            _waiting.Clear();
            return next;
        }
    }
}
