using Google.Protobuf;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Engine.Sessions;

internal sealed partial class ConversationChannel
{
    /// <summary>So often a horizon is looked through in vain before other inputs have their turn.</summary>
    private const int MostLooks = 4;

    private readonly OutboundRuns _outbound;
    private long _unconsumed;

    /// <summary>Bytes of segments that came and are not acknowledged: what the other end may have under way here.</summary>
    private long _outstanding;
    private long _consumed;
    private long _consumedInBatch;
    private bool _owesCaughtUp;
    private bool _isGone;

    /// <summary>When what is left is looked through for something that the other end lacks; never when that waits for nothing.</summary>
    private Instant _looksOn = Instant.Never;

    /// <summary>Bytes that the channel keeps in memory, about.</summary>
    public long KeptBytes =>
        512 + _remote.KeptBytes + _outbound.KeptBytes + _bodies.KeptBytes + (_wanted.Count * 32L);

    /// <summary>Sends what the other end lacks, as far as it has room for, once it is known to be a member's.</summary>
    private void Pump(Instant now)
    {
        if (!_wasMember)
        {
            return;
        }

        NoteForks();
        var sent = false;
        while (SendNext(now))
        {
            sent = true;
        }

        SayCaughtUp(now);
        if (sent)
        {
            _host.Count("hinet.sync.segments.sent");
        }
    }

    /// <summary>The link has room again: what waited for it goes out, and one message more. False when there was nothing.</summary>
    public bool TakeTurn(Instant now)
    {
        if (!IsReady)
        {
            return false;
        }

        var owed = SendOwed(now);
        if (!_wasMember)
        {
            return owed;
        }

        NoteForks();
        var sent = SendNext(now);
        SayCaughtUp(now);
        if (sent)
        {
            _host.Count("hinet.sync.segments.sent");
        }

        return owed || sent;
    }

    /// <summary>
    /// Sends one message of what the other end lacks. The channel's window is for what the receiver holds, the link's room for
    /// what waits to be sent.
    /// </summary>
    private bool SendNext(Instant now)
    {
        _looksOn = Instant.Never;
        for (var looks = 0; !_outbound.AtEnd && _session.Room.AskForSegments(); looks++)
        {
            if (looks == MostLooks)
            {
                // Others have their turn before the rest of a long history that the other end has.
                _services.Marks.Hit("bound.segment.looks");
                _looksOn = now;
                return false;
            }

            var writer = _services.Segments;
            if (!_outbound.Fill(writer))
            {
                return false;
            }

            if (writer.Length > 0)
            {
                _unconsumed += writer.Length;
                _session.Room.Sent(writer.Length);
                _session.Machine.Send(_channel, SegmentsType, writer.Written.Span, now, _session);
                _movedAt = now;
                writer.Clear();
                return true;
            }
        }

        if (!_outbound.AtEnd && _session.Room.IsWindowFull)
        {
            _services.Marks.Hit("bound.segment.window");
        }

        return false;
    }

    private void SayCaughtUp(Instant now)
    {
        if (_outbound.AtEnd && _owesCaughtUp)
        {
            _owesCaughtUp = false;
            Send(CaughtUpType, new CaughtUp
            {
                Digest = ByteString.CopyFrom(Replica.DurableFrontier.Digest(_services.Cryptography).ToArray()),
            }, now);
        }
    }

    /// <summary>What has forked here is counted by id from now on: with two entries at one seq, the other end may have either.</summary>
    private void NoteForks()
    {
        if (!Replica.HasForks || _services.Has(PlantedBug.FrontierByHeight))
        {
            return;
        }

        foreach (var log in Replica.Devices)
        {
            if (log.HasForked)
            {
                _remote.MarkForked(log.Device);
            }
        }
    }

    private void ReceiveConsumed(Consumed consumed, Instant now)
    {
        // Several messages may be acknowledged at once, and one alone may be longer than the window.
        var bytes = (long)Math.Min(consumed.Bytes, (ulong)_unconsumed);
        _unconsumed -= bytes;
        if (!_session.GivenBack(bytes, now))
        {
            Pump(now);
        }
    }

    private void ReceiveSegments(ReadOnlySpan<byte> payload, Instant now)
    {
        if (!_session.Room.Took(payload.Length))
        {
            Misbehave("window-exceeded", "more segments than there is a window for", now);
            return;
        }

        _outstanding += payload.Length;
        var delivery = new Delivery(this, payload.Length);
        if (!Replica.HasLeft)
        {
            TakeRuns(payload, delivery, now);
        }

        if (delivery.Pending == 0)
        {
            Consume(delivery);
        }
    }

    private void TakeRuns(ReadOnlySpan<byte> payload, Delivery delivery, Instant now)
    {
        if (IsPulling)
        {
            _pullPatience = now + PullPatience;
            _turnEnds = _services.Has(PlantedBug.TurnKept) ? _pullPatience : _turnEnds;
        }

        var reader = new SegmentReader(_services.Cryptography, Replica.Id, payload);
        while (reader.Read() is { } run)
        {
            foreach (var entry in run.Entries)
            {
                _remote.Note(entry.Header, entry.Id);
            }

            if (!Replica.Knows(run.Last))
            {
                delivery.Pending++;
                _host.Submit(run, delivery);
            }
            else if (run.Entries.Any(entry => !Replica.Knows(entry)))
            {
                // A known head with unknown ancestors cannot be: every applied entry has its past.
                Misbehave("broken-run", "a run whose end is known and whose start is not", now);
                return;
            }
            else
            {
                foreach (var entry in run.Entries)
                {
                    Replica.FillFrom(entry, now);
                }
            }
        }

        if (reader.IsMalformed)
        {
            Misbehave("malformed-segments", "segments that cannot be parsed", now);
        }
    }

    /// <summary>
    /// A run of this channel was checked, and of what it brought something was applied or nothing. A bad signature costs the channel; its ids
    /// stay open for someone honest.
    /// </summary>
    public void Checked(Delivery delivery, bool isValid, bool isFruitful, Instant now)
    {
        if (isFruitful)
        {
            Replica.Turns.Fruitful(Member);
            RestsFrom = default;
            _movedAt = now;
            Credit(delivery, now);
        }

        if (--delivery.Pending == 0)
        {
            Consume(delivery);
        }

        if (!isValid)
        {
            Misbehave("bad-signature", "a run that its device did not sign", now);
        }
    }

    /// <summary>
    /// What a message brought lengthens the turn by as much as its bytes need on a slow link: who brings a little again and again, and never
    /// all, keeps others from being asked no longer than who brings nothing.
    /// </summary>
    private void Credit(Delivery delivery, Instant now)
    {
        if (!HasTurn || delivery.IsCredited)
        {
            return;
        }

        delivery.IsCredited = true;
        var credit = TimeSpan.FromSeconds(delivery.Bytes / LeastRate);
        _turnEnds = Instant.Min(Instant.Min(_turnEnds + credit, now + PullPatience), _lastPull + s_longestTurn);
    }

    /// <summary>The batch with what was received so far is being written; what comes now belongs to the next.</summary>
    public void SealConsumed()
    {
        _consumedInBatch += _consumed;
        _consumed = 0;
    }

    /// <summary>
    /// What was received before the last <see cref="SealConsumed"/> is durable, or was known: the sender may send as much again.
    /// False while there is more to acknowledge.
    /// </summary>
    public bool AcknowledgeConsumed(Instant now)
    {
        if (_consumedInBatch > 0 && IsReady)
        {
            Send(ConsumedType, new Consumed { Bytes = (ulong)_consumedInBatch }, now);
            _outstanding -= _consumedInBatch;
            _session.Room.Consumed(_consumedInBatch);
            _consumedInBatch = 0;
        }

        return _consumed == 0 && _consumedInBatch == 0;
    }

    /// <summary>The channel is gone: what it remembered makes room, and what it had under way.</summary>
    public void Forget(Instant now)
    {
        _isGone = true;
        _remote.Forget();
        _session.Room.Consumed(_consumed + _consumedInBatch);
        _session.GivenBack(_unconsumed, now);
    }

    private void Consume(Delivery delivery)
    {
        if (_isGone)
        {
            _session.Room.Consumed(delivery.Bytes);
            return;
        }

        _consumed += delivery.Bytes;
        _session.NoteConsumed();
    }
}
