using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>The payloads of datagrams: one protobuf message for all queries and one for all answers, in which each kind has its own fields.</summary>
internal static class DatagramPayload
{
    /// <summary>A query without a token is made this long, so that an answer of three times its size holds all that an answer can.</summary>
    public const int UnprovenQuerySize = (Datagram.MaxSize / 3) + 1;

    /// <summary>Contacts in one answer.</summary>
    public const int MaxContacts = 20;

    private const int MaxPayload = Datagram.MaxSize - Datagram.HeaderSize;

    /// <summary>Reads a query; false for anything malformed, and for fields that its kind does not have.</summary>
    public static bool TryReadQuery(DatagramKind kind, ReadOnlySpan<byte> payload, [NotNullWhen(true)] out DhtQuery? query) =>
        CanonicalProtobuf.TryParse(DhtQuery.Parser, payload, MaxPayload, out query)
        && query.Token.Length is 0 or TokenIssuer.Size
        && query.Padding.Span.IndexOfAnyExcept((byte)0) < 0
        && (query.Known.Length == 0 || (kind == DatagramKind.FindNode && KnownContacts.IsWellFormed(query.Known.Span)))
        && kind switch
        {
            DatagramKind.Ping => query is { Target.Length: 0, After.Length: 0, Slot: null },
            DatagramKind.FindNode => query is { Target.Length: Bytes32.Size, After.Length: 0, Slot: null },
            DatagramKind.Get => query is { Target.Length: Bytes32.Size, After.Length: 0 or Bytes32.Size, Slot: null },
            DatagramKind.Put => query is { Target.Length: 0, After.Length: 0, Slot: not null },
            _ => false,
        };

    /// <summary>Reads an answer; false for anything malformed, and for fields that its kind does not have.</summary>
    public static bool TryReadAnswer(DatagramKind kind, ReadOnlySpan<byte> payload, [NotNullWhen(true)] out DhtAnswer? answer) =>
        CanonicalProtobuf.TryParse(DhtAnswer.Parser, payload, MaxPayload, out answer)
        && answer.Token.Length is 0 or TokenIssuer.Size
        && answer.Digest.Length == (kind == DatagramKind.FindNodeAnswer && answer.Held > 0 ? SlotStore.DigestSize : 0)
        && (answer.Observed.Length == 0 || (answer.Token.Length > 0 && Endpoint.TryRead(answer.Observed.Span, out _)))
        && kind switch
        {
            DatagramKind.PingAnswer => answer is { Contacts.Count: 0, Held: 0, Slots.Count: 0, Outcome: 0 },
            DatagramKind.FindNodeAnswer => answer is { Contacts.Count: <= MaxContacts, Slots.Count: 0, Outcome: 0 },
            DatagramKind.GetAnswer => answer is { Contacts.Count: 0, Outcome: 0 },
            DatagramKind.PutAnswer => answer is { Contacts.Count: 0, Held: 0, Slots.Count: 0 } && answer.Outcome <= (uint)PutOutcome.Busy,
            _ => false,
        };

    /// <summary>The payload of a query; one without a token is padded, unless a short answer will do.</summary>
    public static byte[] Write(DatagramKind kind, DhtQuery query, bool isShort = false)
    {
        if (!isShort && query.Token.Length == 0 && kind is DatagramKind.FindNode or DatagramKind.Get)
        {
            // The field's tag and a length of two bytes; a length of one would leave it a byte short of the size.
            var missing = UnprovenQuerySize - Datagram.HeaderSize - query.CalculateSize() - 3;
            query.Padding = ByteString.CopyFrom(new byte[Math.Max(0, missing)]);
        }

        return query.ToByteArray();
    }

    /// <summary>How much a field of so many bytes adds to a message.</summary>
    public static int FieldSize(int length) => 1 + (length < 128 ? 1 : 2) + length;
}
