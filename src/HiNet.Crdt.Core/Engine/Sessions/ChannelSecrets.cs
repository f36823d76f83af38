using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>What channels are named by and opened with: digests keyed by the link's handshake, which tell an outsider nothing and fit no other link.</summary>
internal static class ChannelSecrets
{
    public const string ConversationProtocol = "hinet/conversation/1";

    public const string InviteProtocol = "hinet/invite/1";

    private const int ProofSize = 16;

    public static byte[] ConversationChannel(ICryptography cryptography, ReadOnlySpan<byte> handshakeHash, ConversationId conversation) =>
        Digest(cryptography, EngineDomains.ChannelId, conversation.ToArray(), handshakeHash);

    public static byte[] InviteChannel(ICryptography cryptography, ReadOnlySpan<byte> handshakeHash, Bytes32 invite) =>
        Digest(cryptography, EngineDomains.InviteChannelId, invite.ToArray(), handshakeHash);

    /// <summary>Proves knowledge of a secret, for this link and this end of it only.</summary>
    public static byte[] Proof(ICryptography cryptography, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> handshakeHash, bool byInitiator)
    {
        var message = new byte[handshakeHash.Length + 1];
        message[0] = byInitiator ? (byte)1 : (byte)2;
        handshakeHash.CopyTo(message.AsSpan(1));
        return Digest(cryptography, EngineDomains.ChannelProof, message, secret)[..ProofSize];
    }

    /// <summary>What a device signs to open a channel: nothing else it ever signs has this form.</summary>
    public static byte[] ToSign(
        ReadOnlySpan<byte> domain, ReadOnlySpan<byte> handshakeHash, bool byInitiator, Bytes32 subject, DeviceId device)
    {
        var message = new byte[domain.Length + handshakeHash.Length + 1 + 64];
        domain.CopyTo(message);
        var rest = message.AsSpan(domain.Length);
        handshakeHash.CopyTo(rest);
        rest[handshakeHash.Length] = byInitiator ? (byte)1 : (byte)2;
        subject.CopyTo(rest[(handshakeHash.Length + 1)..]);
        device.CopyTo(rest[(handshakeHash.Length + 33)..]);
        return message;
    }

    public static ChannelOpening Opening(IEnumerable<byte[]> proofs)
    {
        var opening = new ChannelOpening();
        opening.Proofs.AddRange(proofs.Take(Limits.Proofs).Select(Google.Protobuf.ByteString.CopyFrom));
        return opening;
    }

    /// <summary>True when one of the proofs that the other end gave is one that it can only have made with a secret of ours.</summary>
    public static bool HasCommon(ReadOnlySpan<byte> opening, IReadOnlyList<byte[]> expected)
    {
        ChannelOpening parsed;
        try
        {
            parsed = ChannelOpening.Parser.ParseFrom(opening);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return false;
        }

        return parsed.Proofs.Take(Limits.Proofs).Any(proof =>
            expected.Any(known => System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(known, proof.Span)));
    }

    /// <summary>
    /// What this end proves in an opening: the control key, or some of those that may be it, the ones first that people at the other end have said, and the newest epochs.
    /// </summary>
    public static List<byte[]> ProofsOf(ICryptography cryptography, Replica replica, ReadOnlySpan<byte> handshakeHash, bool byInitiator, ISet<IdentityId> others) =>
        Proofs(cryptography, replica, replica.ControlKeysBy(others).Take(Limits.ControlKeysAtOnce), Limits.Proofs, handshakeHash, byInitiator);

    /// <summary>What the other end can have proved.</summary>
    public static List<byte[]> ExpectedProofs(ICryptography cryptography, Replica replica, ReadOnlySpan<byte> handshakeHash, bool byInitiator) =>
        Proofs(cryptography, replica, replica.ControlKeysBy(new SortedSet<IdentityId>()), Limits.Proofs - 1 + replica.ControlKeyCount, handshakeHash, byInitiator);

    private static List<byte[]> Proofs(
        ICryptography cryptography, Replica replica, IEnumerable<byte[]> controlKeys, int limit, ReadOnlySpan<byte> handshakeHash, bool byInitiator)
    {
        var proofs = new List<byte[]>();
        foreach (var key in controlKeys)
        {
            proofs.Add(Proof(cryptography, key, handshakeHash, byInitiator));
        }

        foreach (var (_, secret) in replica.NewestSecrets(limit - proofs.Count))
        {
            proofs.Add(Proof(cryptography, secret, handshakeHash, byInitiator));
        }

        return proofs;
    }

    private static byte[] Digest(ICryptography cryptography, ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message, ReadOnlySpan<byte> key)
    {
        var digest = new byte[32];
        cryptography.Blake2bJoined(domain, message, digest, key);
        return digest;
    }
}
