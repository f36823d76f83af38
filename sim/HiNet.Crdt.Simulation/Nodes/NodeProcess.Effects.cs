using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

internal sealed partial class NodeProcess : IChangeObserver
{
    void IChangeObserver.Changed(in StoreChange change, byte[]? before) => _world.Invariants.Changed(this, change, before);

    private void CarryOut()
    {
        var trace = _scheduler.Trace;
        for (var i = 0; i < _effects.Count; i++)
        {
            if (i == _crashAfterEffect)
            {
                _world.Network.Flush();
                Crash();
                return;
            }

            CarryOut(_effects[i], trace);
            if (!IsUp)
            {
                return;
            }
        }

        _world.Invariants.Handled(this, _effects.Count);
        _effects.Clear();
        _world.Network.Flush();
    }

    private void CarryOut(NodeEffect effect, TraceHash trace)
    {
        switch (effect)
        {
            case NodeEffect.Send send:
                trace.Fold(((ulong)send.Link.Value << 8) | 1);
                _world.Invariants.OnTheWire(this, send.Bytes.Span);
                _world.Network.Send(this, send.Link, send.Bytes);
                break;
            case NodeEffect.Persist persist:
                trace.Fold(((ulong)persist.Batch << 8) | 2);
                Write(persist);
                break;
            case NodeEffect.Verify verify:
                trace.Fold(((ulong)verify.Token << 8) | 3);
                Check(verify);
                break;
            case NodeEffect.Complete complete:
                trace.Fold(((ulong)complete.Command << 8) | 4);
                Complete(complete);
                break;
            case NodeEffect.Publish publish:
                trace.Fold(publish.Conversation.Value.Prefix);
                trace.Fold(publish.UpTo.Position);
                _world.Published(this, publish.Conversation, publish.UpTo);
                if (_world.Options.Canary == Canary.PublishedTwice)
                {
                    _world.PublishedAgain(this, publish.Conversation);
                }

                break;
            case NodeEffect.Announce announce:
                trace.Fold(announce.Event.GetType().Name);
                if (_world.Options.Canary != Canary.AdditionsUnannounced || announce.Event is not (ConversationAdded or ContactAdded or ContactMet))
                {
                    Announce(announce.Event);
                }

                break;
            case NodeEffect.Disconnect disconnect:
                trace.Fold(((ulong)disconnect.Link.Value << 8) | 5);
                _world.Trace(this, $"closes link {disconnect.Link.Value}: {disconnect.Reason}");
                _world.Network.Disconnect(this, disconnect.Link);
                break;
            case NodeEffect.SendDatagram datagram:
                trace.Fold((ulong)datagram.To.Address);
                _world.Invariants.OnTheWire(this, datagram.Bytes.Span);
                _world.Network.SendDatagram(this, datagram.To, datagram.Bytes);
                break;
            case NodeEffect.Recognise recognise:
                trace.Fold(recognise.Secrets.Count);
                break;
            case NodeEffect.Dial dial:
                trace.Fold(dial.Address);
                _world.Network.Dial(this, dial.Address);
                break;
            case NodeEffect.Count count:
                trace.Fold(count.Amount);
                _world.Count(count.Instrument, count.Amount);
                break;
            default:
                throw new InvalidOperationException($"The simulator does not know the effect {effect.GetType().Name}.");
        }
    }

    private void Check(NodeEffect.Verify verify)
    {
        Span<byte> key = stackalloc byte[32];
        verify.Key.CopyTo(key);
        var isValid = _world.Options.Canary == Canary.SignatureUnchecked || _world.Cryptography.Verify(key, verify.Message.Span, verify.Signature.Span);
        var delay = _world.Random.Between(DrawStream.VerifyDelay, (ulong)Index, _verifyDraws++, 30, _world.MaximumVerifyDelay);
        Verifying++;
        _scheduler.After(delay, this, (int)NodeEventKind.Verified, Generation, verify.Token, new NodeInput.Verified(verify.Token, isValid));
    }

    private void Complete(NodeEffect.Complete complete)
    {
        if (!_commands.Remove(complete.Command, out var submission))
        {
            throw _world.Failure(SimulationResult.Safety, "commands-answered-once", $"node {Index} answered command {complete.Command} twice, or one that was never given");
        }

        _world.Invariants.Completed(this, submission.Operation, complete.Result);
        _admission.Answered();
        submission.Done(complete.Result);
        AdmitCommands();
    }

    private void Announce(NodeEvent announced)
    {
        switch (announced)
        {
            case PeerConnected peer:
                Peers.Add(peer.Node);
                break;
            case PeerDisconnected peer:
                Peers.Remove(peer.Node);
                break;
            case StorageFailed failed:
                Problem ??= failed.Problem;
                break;
        }

        _world.Announced(this, announced);
    }

    private void Write(NodeEffect.Persist persist)
    {
        foreach (var change in persist.Writes.Changes)
        {
            _scheduler.Trace.Fold(change.Key);
            _scheduler.Trace.Fold(change.Value ?? []);
        }

        _writing.Enqueue(persist);
        var options = _world.Options.Disk;
        var draw = _diskDraws++;
        var delay = _world.Random.Between(DrawStream.DiskDelay, (ulong)Index, draw, Microseconds(options.MinimumDelay), Microseconds(options.MaximumDelay));
        if (_world.Random.Chance(DrawStream.DiskFault, (ulong)Index, draw, options.StallProbability))
        {
            delay += _world.Random.Below(DrawStream.DiskFault, (ulong)Index, ~draw, Microseconds(options.MaximumStall));
        }

        _diskFree = Math.Max(_diskFree, _scheduler.Now.Microseconds) + delay;
        _scheduler.At(_diskFree, this, (int)NodeEventKind.PersistDone, Generation, persist.Batch);
        if (_world.Options.Canary == Canary.SendBeforeDurable && !Disk.IsFull)
        {
            _inbox.Enqueue(new NodeInput.Persisted(persist.Batch));
        }
    }

    private void FinishWrite()
    {
        var persist = _writing.Dequeue();
        if (Disk.IsFull)
        {
            if (_world.Options.Canary == Canary.WriteErrorIgnored)
            {
                Give(new NodeInput.Persisted(persist.Batch));
                return;
            }

            Give(new NodeInput.PersistFailed(persist.Batch, "The disk is full (simulated): make room and start the node again."));
            return;
        }

        Commit(persist.Writes);
        if (_world.Options.Canary != Canary.SendBeforeDurable)
        {
            Give(new NodeInput.Persisted(persist.Batch));
        }
    }

    private void Commit(WriteBatch batch)
    {
        Disk.Commit(PlantedWrites.Of(_world.Options.Canary, batch, Disk), this);
        _lastCommitted = batch;
    }

    // What was under way is durable or is not; the node cannot know which.
    private void LoseUnwritten()
    {
        while (_writing.TryDequeue(out var persist))
        {
            if (Disk.IsFull || !_world.Random.Chance(DrawStream.CrashOutcome, (ulong)Index, _crashDraws++, _world.Options.Disk.SurvivesCrashProbability))
            {
                _writing.Clear();
                break;
            }

            Commit(persist.Writes);
        }

        _diskFree = 0;
        Disk.Commit(PlantedWrites.OfCrash(_world.Options.Canary, Disk));
        if (_world.Options.Canary == Canary.LostAcknowledgedBatch && _lastCommitted is { } last)
        {
            var undo = new WriteBatch();
            foreach (var change in last.Changes)
            {
                undo.Delete(change.Family, change.Key);
            }

            Disk.Commit(undo);
        }
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
