using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    private readonly List<Replica> _changed = [];
    private List<NodeEffect> _afterCurrent = [];
    private List<NodeEffect> _afterInFlight = [];
    private List<Action<Instant>> _actsAfterCurrent = [];
    private List<Action<Instant>> _actsAfterInFlight = [];
    private List<(Replica Replica, ulong Arrival, EventCursor Cursor)> _inFlight = [];
    private long _batch;
    private bool _isWriting;
    private string? _problem;

    /// <summary>
    /// Hands the current batch to the disk, unless one is under way: what comes meanwhile gathers, so that under load many
    /// entries share one write, one sync and one signature.
    /// </summary>
    private void Flush()
    {
        if (_isWriting)
        {
            return;
        }

        _clearRows.SealNext(_services.Store, _services.Rows);
        foreach (var replica in _changed)
        {
            replica.Flush();
        }

        for (var i = 0; i < _sessions.Count; i++)
        {
            _sessions.GetValueAtIndex(i).SealConsumed();
        }

        if (!_services.Store.HasChanges)
        {
            _changed.Clear();
            Release(ref _afterCurrent);
            Release(ref _actsAfterCurrent);
            AcknowledgeConsumed();
            return;
        }

        _inFlight = [.. _changed.Select(replica => (replica, replica.LastArrival, replica.LastCursor))];
        _changed.Clear();
        (_afterInFlight, _afterCurrent) = (_afterCurrent, []);
        (_actsAfterInFlight, _actsAfterCurrent) = (_actsAfterCurrent, []);
        _isWriting = true;
        _effects.Add(new NodeEffect.Persist(++_batch, _services.Store.Seal()));
    }

    /// <summary>A batch is durable: now its entries may be shown, acknowledged and passed on.</summary>
    private void Settle(long batch)
    {
        if (!_isWriting || batch != _batch)
        {
            throw new InvalidOperationException($"Batch {batch} is durable, but batch {_batch} was being written.");
        }

        _isWriting = false;
        _services.Store.Settle();
        var settled = _inFlight;
        _inFlight = [];
        foreach (var (replica, arrival, cursor) in settled)
        {
            if (replica.Settled(arrival, cursor))
            {
                _effects.Add(new NodeEffect.Publish(replica.Id, cursor));
            }

            if (replica.HasUnreportedForks && !_forkedReplicas.Contains(replica))
            {
                // The proof of a branch whose signature is on an entry that is not applied was kept with this batch.
                _forkedReplicas.Add(replica);
            }
        }

        Release(ref _afterInFlight);
        Release(ref _actsAfterInFlight);
        OpenNewChannels();
        foreach (var (replica, _, _) in settled)
        {
            for (var i = 0; i < _sessions.Count; i++)
            {
                _sessions.GetValueAtIndex(i).Advanced(replica, _now);
            }
        }

        AcknowledgeConsumed();
    }

    private void AcknowledgeConsumed()
    {
        for (var i = 0; i < _sessions.Count; i++)
        {
            _sessions.GetValueAtIndex(i).AcknowledgeConsumed(_now);
        }
    }

    /// <summary>
    /// The disk refused: nothing that was acknowledged is lost, and nothing more is accepted. The write stays under way for good, so that
    /// nothing follows it.
    /// </summary>
    private void Fail(string problem)
    {
        _problem = problem;
        foreach (var complete in _afterInFlight.Concat(_afterCurrent).OfType<NodeEffect.Complete>())
        {
            _effects.Add(complete with { Result = new NodeResult.Refused(problem) });
        }

        _effects.Add(new NodeEffect.Announce(Stamped(new StorageFailed(default, problem))));
        CloseAllLinks("the store refused a write");
    }

    /// <summary>Says something once all that was decided so far is durable.</summary>
    private void WhenDurable(NodeEffect effect)
    {
        if (_isWriting && !_services.Store.HasChanges && _changed.Count == 0)
        {
            _afterInFlight.Add(effect);
        }
        else
        {
            _afterCurrent.Add(effect);
        }
    }

    void ISessionHost.WhenDurable(Action<Instant> act) => _actsAfterCurrent.Add(act);

    private void Release(ref List<Action<Instant>> acts)
    {
        var due = acts;
        acts = [];
        foreach (var act in due)
        {
            act(_now);
        }
    }

    private void Release(ref List<NodeEffect> effects)
    {
        foreach (var effect in effects)
        {
            _effects.Add(effect);
        }

        effects = [];
    }

    private NodeEvent Stamped(NodeEvent happened) => happened with
    {
        Time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(_services.Clock.Wall(_now), 0, 253_402_300_799_999)),
    };
}
