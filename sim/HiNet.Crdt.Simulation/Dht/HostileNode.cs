using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Dht;

/// <summary>
/// Answers every query in its own true name, and tells of its accomplices alone: those nearest to the target, or, where ids are
/// forged, the honest nodes nearest to it under the accomplices' addresses. Says that it keeps slots: the very ones that honest
/// holders have, and keeps none; or others, which it gives one by one.
/// </summary>
/// <param name="cryptography">For its authenticators, which are true.</param>
/// <param name="keys">Its own.</param>
/// <param name="accomplices">Whom it tells of.</param>
/// <param name="honest">Under whose names, where ids are forged; else null.</param>
/// <param name="claims">Digests of what honest holders have, by target.</param>
/// <param name="next">The next of its own slots at a target, where it gives them one by one; else null.</param>
internal sealed class HostileNode(
    ICryptography cryptography, NodeKeyPair keys, IdSpace accomplices, IdSpace? honest, IReadOnlyDictionary<Bytes32, byte[]> claims, Func<DhtId, DhtSlot>? next)
{
    /// <summary>The answer to a datagram, or null.</summary>
    public byte[]? Answer(ReadOnlySpan<byte> bytes)
    {
        if (!Datagram.TryRead(bytes, out var datagram, out _) || !datagram.IsQuery || !DatagramPayload.TryReadQuery(datagram.Kind, datagram.Payload, out var query))
        {
            return null;
        }

        Span<byte> pairKey = stackalloc byte[32];
        PeerSecrets.TryDerive(cryptography, keys, datagram.Sender, pairKey);
        var answer = new DhtAnswer { Token = ByteString.CopyFrom(new byte[TokenIssuer.Size]) };
        if (datagram.Kind == DatagramKind.FindNode)
        {
            var target = new DhtId(new Bytes32(query.Target.Span));
            var told = accomplices.Nearest(target, DatagramPayload.MaxContacts);
            var names = honest?.Nearest(target, told.Count) ?? told;
            for (var i = 0; i < names.Count; i++)
            {
                answer.Contacts.Add(ByteString.CopyFrom(new DhtContact(names[i].Key, told[i].Endpoint).Encode()));
            }

            if (claims.TryGetValue(target.Value, out var claim))
            {
                (answer.Held, answer.Digest) = (1, ByteString.CopyFrom(next is null ? claim : claim.Reverse().ToArray()));
            }
        }
        else if (datagram.Kind == DatagramKind.Get && next is not null)
        {
            answer.Held = 1;
            answer.Slots.Add(next(new DhtId(new Bytes32(query.Target.Span))).ToMessage());
        }

        return Datagram.Write(cryptography, datagram.Kind | (DatagramKind)0x80, datagram.Transaction, keys.Id.Value, answer.ToByteArray(), pairKey);
    }
}
