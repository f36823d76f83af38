using Google.Protobuf;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Sessions;

internal sealed partial class ConversationChannel
{
    private readonly BodyRequests _bodies;

    /// <summary>What the other end asked for last and was not told yet; at most as many as one message may name.</summary>
    private List<EntryId> _wanted = [];

    /// <summary>Asks for bodies that are absent here, unless a pull is still bringing entries: it may bring them, too, or that they were deleted.</summary>
    private void AskForBodies(Instant now)
    {
        if (IsPulling)
        {
            _bodies.Postpone(now);
            return;
        }

        var entries = _bodies.Next(now);
        if (entries.Count > 0)
        {
            var want = new Want();
            want.Entries.AddRange(entries.Select(entry => ByteString.CopyFrom(entry.ToArray())));
            Send(WantType, want, now);
        }
    }

    /// <summary>One request is answered at a time: who asks for more meanwhile is answered that alone.</summary>
    private void ReceiveWant(Want want, Instant now)
    {
        if (want.Entries.Count > BodyRequests.MostAtOnce || want.Entries.Any(entry => entry.Length != Bytes32.Size))
        {
            Misbehave("malformed-message", "a request for bodies that is too long, or names no entries", now);
            return;
        }

        _wanted = [.. want.Entries.Select(entry => new EntryId(entry.Span))];
        SendBodies(now);
    }

    /// <summary>Answers what the other end asked for, as far as it fits into one message. False when there is nothing to answer, or no room for it.</summary>
    private bool SendBodies(Instant now)
    {
        if (_wanted.Count == 0 || !_wasMember || _services.Has(PlantedBug.BodiesWithheld) || !_session.Room.Ask())
        {
            return false;
        }

        var bodies = new Bodies();
        var bytes = 0L;
        foreach (var entry in _wanted)
        {
            var body = Replica.DurableBody(entry, out var isErased);
            if (body is not null && bytes > 0 && bytes + body.Length > _services.Bounds.SegmentMessageBytes)
            {
                break;
            }

            bodies.Considered++;
            if (body is not null)
            {
                bytes += body.Length;
                bodies.Bodies_.Add(new Body { Entry = ByteString.CopyFrom(entry.ToArray()), Sealed = ByteString.CopyFrom(body) });
            }
            else if (isErased)
            {
                bodies.Erased.Add(ByteString.CopyFrom(entry.ToArray()));
            }
        }

        _wanted = [];
        Send(BodiesType, bodies, now);
        return true;
    }

    /// <summary>What was not asked for is not looked at.</summary>
    private void ReceiveBodies(Bodies bodies, Instant now)
    {
        var settled = new HashSet<EntryId>();
        foreach (var body in bodies.Bodies_)
        {
            if (TryTakeAsked(body.Entry, settled, out var entry))
            {
                Replica.Fill(entry, body.Sealed.ToByteArray(), now);
            }
        }

        foreach (var erased in bodies.Erased)
        {
            TryTakeAsked(erased, settled, out _);
        }

        if (_bodies.Answered((int)Math.Min(bodies.Considered, BodyRequests.MostAtOnce), settled.Count, now))
        {
            AskForBodies(now);
        }
    }

    private bool TryTakeAsked(ByteString name, HashSet<EntryId> settled, out EntryId entry)
    {
        entry = name.Length == Bytes32.Size ? new EntryId(name.Span) : default;
        return _bodies.IsAsked(entry) && settled.Add(entry);
    }
}
