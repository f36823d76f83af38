using System.Collections.Immutable;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Diagnostics;

namespace HiNet.Crdt.Driver;

internal sealed partial class NodeDriver
{
    /// <summary>After so many inputs, what was staged for links and verifiers goes out, however many inputs still wait.</summary>
    private const int FlushEvery = 64;

    private readonly List<NodeEffect.Verify> _checks = [];
    private ImmutableList<NodeId> _peers = [];
    private NodeEffect.Persist? _staged;
    private bool _isQuiet = true;

    /// <summary>Nodes with an open, authenticated link, in the order in which they came. Read from any thread.</summary>
    internal IReadOnlyList<NodeId> Peers => Volatile.Read(ref _peers);

    private void CarryOut()
    {
        foreach (var effect in _effects.Effects)
        {
            CarryOut(effect);
        }

        _effects.Effects.Clear();
    }

    private void CarryOut(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Send send:
                _transport.Send(send.Link, send.Bytes);
                break;
            case NodeEffect.Verify check:
                _checks.Add(check);
                break;
            case NodeEffect.Persist batch:
                _unwritten.Handed();
                Write(batch);
                break;
            case NodeEffect.Complete complete:
                Complete(complete);
                break;
            case NodeEffect.Publish publish:
                _subscribers.Publish(publish.Conversation, publish.UpTo);
                break;
            case NodeEffect.Count count:
                NodeMetrics.Count(count.Instrument, count.Amount);
                break;
            case NodeEffect.Announce announce:
                Announce(announce.Event);
                break;
            case NodeEffect.Disconnect disconnect:
                _transport.Disconnect(disconnect.Link, disconnect.Reason);
                break;
            case NodeEffect.SendDatagram datagram:
                _datagrams?.Send(datagram.To, datagram.Bytes);
                break;
            case NodeEffect.Recognise recognise:
                _lan?.Recognise(recognise.Secrets);
                break;
            case NodeEffect.Dial dial:
                _transport.Dial(dial.Address);
                break;
            default:
                throw new InvalidOperationException($"The driver does not know the effect {effect.GetType().Name}.");
        }
    }

    private void Write(NodeEffect.Persist batch)
    {
        if (_isQuiet && _staged is null)
        {
            _staged = batch;
            return;
        }

        HandOverStaged();
        _writer.Write(batch);
    }

    private void HandOverStaged()
    {
        if (_staged is not null)
        {
            _writer.Write(_staged);
            _staged = null;
        }
    }

    /// <summary>
    /// The last thing in a round that had one input or none. If still nothing waits, a small batch is written here and now:
    /// a lone message then costs its caller two wake-ups less. Under load the writer's thread works beside this one.
    /// </summary>
    private void WriteStaged()
    {
        while (_staged is { } batch)
        {
            if (!_inbox.IsEmpty || !_writer.TryWriteNow(batch, out var answer))
            {
                HandOverStaged();
                return;
            }

            _staged = null;
            Give(answer);
            Flush();
        }
    }

    private void Flush()
    {
        _transport.Flush();
        if (_checks.Count > 0)
        {
            _verifiers.Check(_checks);
            _checks.Clear();
        }
    }

    private void Announce(NodeEvent announced)
    {
        switch (announced)
        {
            case PeerConnected peer:
                Volatile.Write(ref _peers, _peers.Add(peer.Node));
                break;
            case PeerDisconnected peer:
                Volatile.Write(ref _peers, _peers.Remove(peer.Node));
                break;
            case StorageFailed failure:
                Problem ??= failure.Problem;
                break;
        }

        _subscribers.Announce(announced);
    }
}
