using Google.Protobuf;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>Answering: what others ask, within what their address has proved.</summary>
public sealed partial class DhtNode
{
    /// <summary>How many times longer than its query an answer may be that goes to an unproven address.</summary>
    internal const int Amplification = 3;

    internal const int MaxPutsUnderWay = 1_024;

    private readonly Dictionary<long, PendingPut> _puts = [];
    private long _checks;

    private sealed record PendingPut(Endpoint From, Bytes32 Sender, ulong Transaction, DhtSlot Slot);

    private void Receive(Endpoint from, ReadOnlySpan<byte> bytes)
    {
        Count(DhtInstruments.Received);
        if (!from.IsUsable)
        {
            Count(DhtInstruments.RefusedSource);
        }
        else if (!Datagram.TryRead(bytes, out var datagram, out var problem))
        {
            Count(problem);
            NoteGarbage(from);
        }
        else if (datagram.Sender == _key)
        {
            Count(DhtInstruments.RefusedSelf);
            NoteSelf(datagram);
        }
        else if (!datagram.IsQuery)
        {
            ReceiveAnswer(from, datagram);
        }
        else if (!_sources.IsAllowed(from, _now))
        {
            Count(DhtInstruments.RefusedRate);
        }
        else
        {
            ReceiveQuery(from, datagram, bytes.Length);
        }
    }

    private void ReceiveQuery(Endpoint from, Datagram datagram, int length)
    {
        // The payload first: it costs less than an agreement.
        if (!DatagramPayload.TryReadQuery(datagram.Kind, datagram.Payload, out var query))
        {
            Count(DhtInstruments.RefusedPayload);
            return;
        }

        var sender = datagram.Sender;
        var secret = _secrets.Of(sender, isOurChoice: false, _now, out var problem);
        if (secret is null)
        {
            Count(problem);
            return;
        }

        var isAuthentic = datagram.HasMac;
        if (isAuthentic && !datagram.IsAuthentic(_cryptography, secret.PairKey))
        {
            Count(DhtInstruments.RefusedMac);
            return;
        }

        var isProven = _tokens.IsGood(query.Token.Span, from, sender, _now);
        var room = isProven ? Datagram.MaxSize : Math.Min(Datagram.MaxSize, Amplification * length);
        var answer = new DhtAnswer();
        if (!isProven)
        {
            var observed = new byte[from.Size];
            from.Write(observed);
            answer.Token = UnsafeByteOperations.UnsafeWrap(_tokens.Issue(from, sender, _now));
            answer.Observed = UnsafeByteOperations.UnsafeWrap(observed);
        }

        switch (datagram.Kind)
        {
            case DatagramKind.FindNode:
                AddContacts(answer, query, datagram.Transaction, from, sender, room);
                break;
            case DatagramKind.Get:
                AddSlots(answer, query, isProven, room);
                break;
            case DatagramKind.Put:
                answer.Outcome = (uint)Take(query.Slot, from, datagram, isProven && isAuthentic, out var isUnderWay);
                if (isUnderWay)
                {
                    return;
                }

                break;
            default:
                break;
        }

        room -= Answer(from, datagram.Kind, datagram.Transaction, sender, answer, secret);
        Meet(from, sender, isAuthentic && isProven, room);
    }

    private int Answer(Endpoint to, DatagramKind kind, ulong transaction, Bytes32 asker, DhtAnswer answer, PeerSecret secret)
    {
        var bytes = Datagram.Write(_cryptography, kind | (DatagramKind)0x80, transaction, _key, answer.ToByteArray(), secret.PairKey);
        Add(new DhtEffect.SendDatagram(to, bytes));
        Count(DhtInstruments.Answered);
        return bytes.Length;
    }

    private void AddContacts(DhtAnswer answer, DhtQuery query, ulong transaction, Endpoint from, Bytes32 asker, int room)
    {
        var target = new Bytes32(query.Target.Span);
        var held = _slots.Live(target, UnixSeconds()).ToList();
        if (held.Count > 0)
        {
            answer.Held = (uint)held.Count;
            answer.Digest = ByteString.CopyFrom(SlotStore.Digest(_cryptography, held));
        }

        var places = Math.Min(_options.BucketSize, DatagramPayload.MaxContacts);
        room -= Datagram.HeaderSize + answer.CalculateSize();
        foreach (var peer in Table.Closest(new DhtId(target), DatagramPayload.MaxContacts + 1, isReliable: true))
        {
            // Who asks from afar can do nothing with addresses of our own network, and should not learn them.
            if (peer.Key == asker || peer.Endpoint.Scope < from.Scope)
            {
                continue;
            }

            if (places-- == 0)
            {
                break;
            }

            if (KnownContacts.Contains(_cryptography, query.Known.Span, peer, transaction))
            {
                continue;
            }

            var contact = peer.Contact.Encode();
            room -= DatagramPayload.FieldSize(contact.Length);
            if (room < 0)
            {
                Count(DhtInstruments.Cut);
                break;
            }

            answer.Contacts.Add(UnsafeByteOperations.UnsafeWrap(contact));
        }
    }

    private void AddSlots(DhtAnswer answer, DhtQuery query, bool isProven, int room)
    {
        if (!isProven && query.Token.Length > 0)
        {
            Count(DhtInstruments.RefusedToken);
        }

        // What is left over is a number of at most three bytes.
        room -= Datagram.HeaderSize + answer.CalculateSize() + 4;
        Bytes32? after = query.After.Length == 0 ? null : new Bytes32(query.After.Span);
        foreach (var slot in _slots.Live(new Bytes32(query.Target.Span), UnixSeconds(), after))
        {
            var message = slot.ToMessage();
            var size = DatagramPayload.FieldSize(message.CalculateSize());
            if (answer.Held > 0 || size > room)
            {
                answer.Held++;
                continue;
            }

            room -= size;
            answer.Slots.Add(message);
        }

        if (answer.Slots.Count == 0 && answer.Held > 0)
        {
            Count(DhtInstruments.Cut);
        }
    }

    private PutOutcome Take(Slot message, Endpoint from, Datagram datagram, bool isProven, out bool isUnderWay)
    {
        isUnderWay = false;
        if (!isProven)
        {
            Count(DhtInstruments.RefusedToken);
            return PutOutcome.TokenRefused;
        }

        var outcome = !DhtSlot.TryFrom(message, out var slot) ? PutOutcome.SignatureRefused
            : UnixSeconds() is not { } unixSeconds || _puts.Count >= MaxPutsUnderWay ? PutOutcome.Busy
            : _slots.Judge(slot, from, unixSeconds);
        if (outcome is not (PutOutcome.Stored or PutOutcome.Unchanged))
        {
            Count(DhtInstruments.RefusedSlot);
        }

        if (outcome == PutOutcome.Stored)
        {
            isUnderWay = true;
            _puts[_checks] = new PendingPut(from, datagram.Sender, datagram.Transaction, slot!);
            Add(new DhtEffect.Verify(_checks++, slot!.Writer, slot.SignedBytes(_cryptography), slot.Signature));
        }

        return outcome;
    }

    private void SettlePut(PendingPut put, bool isValid)
    {
        var outcome = PutOutcome.SignatureRefused;
        if (isValid)
        {
            outcome = _slots.Put(put.Slot, put.From, UnixSeconds() ?? 0, out var evicted);
            if (evicted > 0)
            {
                Add(new DhtEffect.Count(DhtInstruments.Evicted, evicted));
            }
        }

        Count(outcome is PutOutcome.Stored or PutOutcome.Unchanged ? DhtInstruments.Stored : DhtInstruments.RefusedSlot);
        if (_secrets.Of(put.Sender, isOurChoice: true, _now, out _) is { } secret)
        {
            Answer(put.From, DatagramKind.Put, put.Transaction, put.Sender, new DhtAnswer { Outcome = (uint)outcome }, secret);
        }
    }

    // A node that asks may be one to know. It enters the table only by answering, so it is asked, if the room that its own query gave allows it.
    private void Meet(Endpoint from, Bytes32 sender, bool isProven, int room)
    {
        var peer = DhtPeer.Of(_cryptography, new DhtContact(sender, from));
        if (isProven && Table.Heard(peer.Id, from, _now))
        {
            return;
        }

        if (room >= Datagram.HeaderSize + DatagramPayload.FieldSize(TokenIssuer.Size) && Table.Wants(peer))
        {
            PingNewcomer(peer);
        }
    }
}
