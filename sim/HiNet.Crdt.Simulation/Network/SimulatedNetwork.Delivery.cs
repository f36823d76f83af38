using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Network;

internal sealed partial class SimulatedNetwork
{
    public void Fire(in ScheduledEvent scheduled)
    {
        switch ((NetworkEvent)scheduled.Kind)
        {
            case NetworkEvent.Arrives:
                InFlight--;
                Arrive((Piece)scheduled.Payload!);
                break;
            case NetworkEvent.StallTimedOut:
                TimeOut((LinkEnd)scheduled.Payload!, scheduled.Argument);
                break;
            case NetworkEvent.Reset:
                End((LinkEnd)scheduled.Payload!, "the connection was reset");
                break;
            case NetworkEvent.LocalEnd:
                End((LinkEnd)scheduled.Payload!, "the link was closed");
                break;
            case NetworkEvent.DialArrives:
                Arrive((PendingDial)scheduled.Payload!);
                break;
            case NetworkEvent.DialAnswered:
                InFlight--;
                Open((LinkEnd)scheduled.Payload!);
                break;
            case NetworkEvent.DatagramArrives:
                Arrive((Datagram)scheduled.Payload!);
                break;
            case NetworkEvent.DialFailed:
                InFlight--;
                Fail((PendingDial)scheduled.Payload!);
                break;
        }
    }

    // An empty piece is the end of the stream. Everything is scheduled to arrive; whether a cut stops it is seen when it does,
    // so that what was sent first also stalls first.
    private void Schedule(LinkEnd end, byte[] piece)
    {
        var now = _scheduler.Now.Microseconds;
        var departs = now;
        if (_options.BytesPerSecond > 0)
        {
            end.NextFree = departs = Math.Max(now, end.NextFree) + (piece.Length * 1_000_000L / _options.BytesPerSecond);
        }

        var arrives = departs + Latency(end.DrawOwner, DrawStream.LinkLatency, end.Counter);
        if (!TryRetransmit(end, piece.Length, ref arrives))
        {
            _scheduler.At(arrives, this, (int)NetworkEvent.Reset, payload: end);
            _scheduler.At(arrives, this, (int)NetworkEvent.Reset, payload: end.Remote);
        }

        end.Counter++;
        end.LastArrival = Math.Max(Math.Max(arrives, end.LastArrival), ClogOf(end.Host.Index, end.Remote.Host.Index));
        InFlight++;
        Observer?.Sent(end, end.SentPieces, piece.Length, now, end.LastArrival);
        _scheduler.At(end.LastArrival, this, (int)NetworkEvent.Arrives, argument: piece.Length, payload: new Piece(end, end.SentPieces++, piece));
    }

    private bool TryRetransmit(LinkEnd end, int length, ref long arrives)
    {
        if (_random.Chance(DrawStream.LinkReset, end.DrawOwner, end.Counter, _options.Reset))
        {
            return false;
        }

        if (_options.Loss <= 0)
        {
            return true;
        }

        var probability = _chunkLoss[Math.Clamp((length + SegmentSize - 1) / SegmentSize, 1, _chunkLoss.Length - 1)];
        for (var attempt = 0; attempt < MaximumRetransmissions; attempt++)
        {
            if (!_random.Chance(DrawStream.LinkLoss, end.DrawOwner, (end.Counter * MaximumRetransmissions) + (ulong)attempt, probability))
            {
                return true;
            }

            arrives += FirstRetransmission << Math.Min(attempt, 4);
        }

        return false;
    }

    private void Arrive(Piece piece)
    {
        var sender = piece.Sender;
        var receiver = sender.Remote;
        if (sender.IsBroken)
        {
            return;
        }

        if (IsBlocked(sender.Host.Index, receiver.Host.Index) || IsSwallowed(receiver))
        {
            Stall(sender, piece);
            return;
        }

        if (piece.Number != sender.NextPiece)
        {
            sender.Early.Add(piece.Number, piece.Bytes);
            return;
        }

        HandOver(sender, piece.Bytes);
        while (sender.Early.Remove(++sender.NextPiece, out var next))
        {
            HandOver(sender, next);
        }
    }

    private void HandOver(LinkEnd sender, byte[] bytes)
    {
        var receiver = sender.Remote;
        if (sender.Backlog.Sent(bytes.Length) is > 0 and var left && sender is { IsOpen: true, IsClosing: false, BelongsToCurrentLife: true })
        {
            sender.Host.Give(new NodeInput.LinkProgressed(sender.Id, left));
        }

        if (!receiver.IsOpen || !receiver.BelongsToCurrentLife)
        {
            // Nobody is there any more, and the machine says so.
            _scheduler.After(Latency(receiver.DrawOwner, DrawStream.LinkLatency, receiver.Counter++), this, (int)NetworkEvent.Reset, payload: sender);
            return;
        }

        if (bytes.Length == 0)
        {
            End(receiver, "the other end closed the link");
            _scheduler.After(Latency(receiver.DrawOwner, DrawStream.LinkLatency, receiver.Counter++), this, (int)NetworkEvent.LocalEnd, payload: sender);
            return;
        }

        _scheduler.Trace.Fold(bytes);
        Observer?.Delivered(sender, sender.NextPiece, _scheduler.Now.Microseconds);
        if (!receiver.IsClosing)
        {
            receiver.Host.Give(new NodeInput.BytesReceived(receiver.Id, bytes));
        }
    }

    private void Stall(LinkEnd sender, Piece piece)
    {
        if (sender.Stalled.Count == 0)
        {
            _scheduler.After(Microseconds(_options.StallTimeout), this, (int)NetworkEvent.StallTimedOut, argument: ++sender.StallNumber, payload: sender);
        }

        sender.Stalled.Enqueue((piece.Number, piece.Bytes));
    }

    private void TimeOut(LinkEnd sender, long stall)
    {
        if (sender.StallNumber != stall || sender.Stalled.Count == 0)
        {
            return;
        }

        sender.Stalled.Clear();
        sender.IsBroken = true;
        End(sender, "the connection timed out");
        if (sender.Remote.IsOpen)
        {
            _scheduler.After(HalfOpenPatience, this, (int)NetworkEvent.Reset, payload: sender.Remote);
        }
    }

    private static void End(LinkEnd end, string reason)
    {
        if (!end.IsOpen)
        {
            return;
        }

        end.IsOpen = false;
        end.Staged.Clear();
        if (end.BelongsToCurrentLife)
        {
            end.Host.Ends.Remove(end.Id);
            end.Host.Give(new NodeInput.LinkEnded(end.Id, reason));
        }
    }

    private void Arrive(PendingDial dial)
    {
        var target = _hosts[dial.Target];
        var from = dial.Host.Index;
        if (IsBlocked(from, dial.Target) || IsBlocked(dial.Target, from) || (!target.IsUp && target.IsDark))
        {
            var seconds = _options.DialTimeout.TotalSeconds;
            _scheduler.After(Microseconds(_options.DialTimeout), this, (int)NetworkEvent.DialFailed, payload: dial with { Problem = $"no answer within {seconds:0} seconds" });
            return;
        }

        var pair = Pair(from, dial.Target);
        var back = Latency((ulong)pair, DrawStream.DialDelay, ~dial.Number);
        if (!target.IsUp)
        {
            _scheduler.After(back, this, (int)NetworkEvent.DialFailed, payload: dial with { Problem = "the connection was refused" });
            return;
        }

        if (!dial.Host.IsUp || dial.Host.Generation != dial.Generation)
        {
            InFlight--;
            return;
        }

        var owner = KeyedRandom.Mix((ulong)pair) ^ dial.Number;
        var near = new LinkEnd(dial.Host, dial.Host.NextLink(), owner, NewBacklog(dial.Host));
        var far = new LinkEnd(target, target.NextLink(), ~owner, NewBacklog(target)) { Remote = near, IsOpen = true };
        near.Remote = far;
        LinksOpened++;
        target.Ends[far.Id] = far;
        Remember(far);
        far.LastArrival = _scheduler.Now.Microseconds + back;
        _scheduler.At(far.LastArrival, this, (int)NetworkEvent.DialAnswered, payload: near);
        target.Give(new NodeInput.LinkOpened(far.Id, false, null));
    }

    private LinkBacklog NewBacklog(INetworkHost host) => new(_options.LinkBufferBytes, host.LinkWindowBytes / 16);

    private void Open(LinkEnd near)
    {
        var far = near.Remote;
        if (!near.BelongsToCurrentLife || !far.IsOpen)
        {
            _scheduler.After(0, this, (int)NetworkEvent.Reset, payload: far);
            if (near.BelongsToCurrentLife)
            {
                near.Host.Give(new NodeInput.DialFailed(AddressOf(far.Host.Index), "the connection was reset"));
            }

            return;
        }

        near.IsOpen = true;
        near.Host.Ends[near.Id] = near;
        Remember(near);
        near.Host.Give(new NodeInput.LinkOpened(near.Id, true, AddressOf(far.Host.Index)));
    }

    private void Remember(LinkEnd end)
    {
        if (_everyEnd.Count >= _sweepAt)
        {
            Sweep();
            _sweepAt = Math.Max(256, 2 * _everyEnd.Count);
        }

        _everyEnd.Add(end);
    }

    private void Sweep() => _everyEnd.RemoveAll(end => !end.IsOpen && !end.Remote.IsOpen && end.Stalled.Count == 0);

    private static void Fail(PendingDial dial)
    {
        if (dial.Host.IsUp && dial.Host.Generation == dial.Generation)
        {
            dial.Host.Give(new NodeInput.DialFailed(dial.Address, dial.Problem));
        }
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
