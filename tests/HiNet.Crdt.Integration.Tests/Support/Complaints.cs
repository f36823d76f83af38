namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>Keeps what nodes say of peers that misbehaved.</summary>
internal sealed class Complaints : IObserver<NodeEvent>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<PeerMisbehaved> _all = [];
    private readonly List<IDisposable> _subscriptions;

    internal Complaints(params HiNetNode[] nodes) => _subscriptions = [.. nodes.Select(node => node.Events.Subscribe(this))];

    internal IReadOnlyList<PeerMisbehaved> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    public void OnNext(NodeEvent value)
    {
        if (value is PeerMisbehaved complaint)
        {
            lock (_gate)
            {
                _all.Add(complaint);
            }
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}
