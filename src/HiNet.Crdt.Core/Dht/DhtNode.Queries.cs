using System.Buffers.Binary;
using Google.Protobuf;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>Asking: queries under way, their time-outs, and the answers to them.</summary>
public sealed partial class DhtNode
{
    internal const int MaxQueries = 4_096;

    private readonly Dictionary<ulong, PendingQuery> _queries = [];
    private readonly PriorityQueue<PendingQuery, (Instant At, ulong Number)> _timeouts = new();
    private ulong _asked;

    internal int QueriesUnderWay => _queries.Count;

    private Instant QueryDeadline
    {
        get
        {
            while (_timeouts.TryPeek(out var query, out var at))
            {
                if (_queries.TryGetValue(query.Transaction, out var pending) && ReferenceEquals(pending, query))
                {
                    return at.At;
                }

                _timeouts.Dequeue();
            }

            return Instant.Never;
        }
    }

    /// <summary>Sends a query; false when it cannot be sent, and then the owner hears nothing of it.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="peer">Whom; null when only the endpoint is known, and whoever is there may answer.</param>
    /// <param name="query">The payload; a token is added where one is known.</param>
    /// <param name="owner">Who hears of it.</param>
    /// <param name="tag">The owner's own.</param>
    /// <param name="known">Whom a find-node's answer need not name.</param>
    /// <param name="isShort">Hardly anything new is expected, so the query is not made longer for the answer's sake.</param>
    internal bool TryAsk(
        DatagramKind kind,
        Endpoint endpoint,
        DhtPeer? peer,
        DhtQuery query,
        QueryOwner owner,
        object? tag = null,
        IReadOnlyList<DhtPeer>? known = null,
        bool isShort = false)
    {
        if (!endpoint.IsUsable || _queries.Count >= MaxQueries || peer?.Key == _key)
        {
            return false;
        }

        PeerSecret? secret = null;
        if (peer is not null)
        {
            secret = _secrets.Of(peer.Key, isOurChoice: true, _now, out var problem);
            if (secret is null)
            {
                Count(problem);
                return false;
            }

            query.Token = ByteString.CopyFrom(secret.TokenFor(endpoint, _now).Span);
        }

        var pending = new PendingQuery
        {
            Transaction = NewTransaction(),
            Kind = kind,
            Endpoint = endpoint,
            Peer = peer,
            SentAt = _now,
            TimeoutAt = _now + _roundTrips.Timeout,
            Owner = owner,
            Tag = tag,
        };
        _queries[pending.Transaction] = pending;
        _timeouts.Enqueue(pending, (pending.TimeoutAt, _asked++));
        if (known is not null)
        {
            query.Known = KnownContacts.Write(_cryptography, known, pending.Transaction);
        }

        var bytes = Datagram.Write(
            _cryptography, kind, pending.Transaction, _key, DatagramPayload.Write(kind, query, isShort), secret is null ? default : secret.PairKey);
        Add(new DhtEffect.SendDatagram(endpoint, bytes));
        return true;
    }

    private ulong NewTransaction()
    {
        // Unpredictable, so that nobody answers a query that he has not seen; and never one that is under way.
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        while (true)
        {
            _cryptography.FillSecret(bytes);
            var transaction = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (!_queries.ContainsKey(transaction))
            {
                return transaction;
            }
        }
    }

    private void TimeOutQueries()
    {
        while (_timeouts.TryPeek(out var query, out var at) && at.At <= _now)
        {
            _timeouts.Dequeue();
            if (_queries.TryGetValue(query.Transaction, out var pending) && ReferenceEquals(pending, query))
            {
                _queries.Remove(query.Transaction);
                Count(DhtInstruments.TimedOut);
                Fail(query);
            }
        }
    }

    private void Fail(PendingQuery query)
    {
        if (query.Peer is { } peer)
        {
            NoteSilence(peer, query.SentAt);
            NoteProbe(isAnswered: false);
        }

        query.Owner.Failed(query);
    }

    private void ReceiveAnswer(Endpoint from, Datagram datagram)
    {
        if (!_queries.TryGetValue(datagram.Transaction, out var query))
        {
            Count(DhtInstruments.RefusedUnsolicited);
            return;
        }

        var sender = datagram.Sender;
        if (query.Endpoint != from || (query.Peer is { } expected && expected.Key != sender) || datagram.Kind != (query.Kind | (DatagramKind)0x80))
        {
            Count(DhtInstruments.RefusedSender);
            return;
        }

        var secret = _secrets.Of(sender, isOurChoice: query.Peer is not null, _now, out var problem);
        if (secret is null)
        {
            Count(problem);
            return;
        }

        if (!datagram.IsAuthentic(_cryptography, secret.PairKey))
        {
            Count(DhtInstruments.RefusedMac);
            return;
        }

        _queries.Remove(query.Transaction);
        if (!DatagramPayload.TryReadAnswer(datagram.Kind, datagram.Payload, out var answer))
        {
            // It is who it says, and says nothing that can be understood: as good as silent.
            Count(DhtInstruments.RefusedPayload);
            Fail(query);
            return;
        }

        var peer = query.Peer ?? DhtPeer.Of(_cryptography, new DhtContact(sender, from));
        _roundTrips.Measured(from, _now - query.SentAt, _now);
        _answeredAt = _now;
        NoteProbe(isAnswered: true);
        _secrets.Answered(sender, secret);
        if (answer.Token.Length > 0)
        {
            secret.Keep(answer.Token.ToByteArray(), from, _now);
            Observe(answer.Observed.Span);
        }

        OfferToTable(peer);
        query.Owner.Answered(query, peer, answer);
    }

    private void OfferToTable(DhtPeer peer)
    {
        var offer = Table.Offer(peer, _now, out var questionable);
        if (offer == RoutingOffer.Crowded)
        {
            Count(DhtInstruments.TableCrowded);
        }

        if (questionable is not null)
        {
            PingEntry(questionable);
        }

        if (offer == RoutingOffer.Added && Table.Count == 1)
        {
            Join();
        }
    }
}
