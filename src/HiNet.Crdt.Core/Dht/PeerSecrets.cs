using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// The keys that we share with other nodes, so that authenticating a datagram costs one hash and not one agreement. Keys of nodes
/// that have answered us are kept apart from those of nodes that only wrote, which anybody can invent in any number.
/// </summary>
internal sealed class PeerSecrets
{
    internal const int MaxAnswered = 2_048;
    internal const int MaxStrangers = 512;

    private readonly ICryptography _cryptography;
    private readonly NodeKeyPair _keys;
    private readonly LeastRecentlyUsed<Bytes32, PeerSecret> _answered = new(MaxAnswered);
    private readonly LeastRecentlyUsed<Bytes32, PeerSecret> _strangers = new(MaxStrangers);
    private TokenBucket _agreements;

    public PeerSecrets(ICryptography cryptography, NodeKeyPair keys, DhtOptions options, Instant now)
    {
        _cryptography = cryptography;
        _keys = keys;
        _agreements = new TokenBucket(options.AgreementsPerSecond, 2 * options.AgreementsPerSecond, now);
    }

    public int Count => _answered.Count + _strangers.Count;

    /// <summary>The key shared with a node. Null with a reason where there is none: no such point, or too many new ones just now.</summary>
    public PeerSecret? Of(Bytes32 nodeKey, bool isOurChoice, Instant now, out string problem)
    {
        problem = "";
        if (_answered.TryGet(nodeKey, out var secret) || _strangers.TryGet(nodeKey, out secret))
        {
            return secret;
        }

        // Whom we ask is bounded by what we ask; only what others send needs this bound.
        if (!isOurChoice && !_agreements.TryTake(now))
        {
            problem = DhtInstruments.RefusedAgreement;
            return null;
        }

        var pairKey = new byte[32];
        if (!TryDerive(_cryptography, _keys, nodeKey, pairKey))
        {
            problem = DhtInstruments.RefusedKey;
            return null;
        }

        secret = new PeerSecret(pairKey);
        _strangers.Set(nodeKey, secret)?.Wipe(_cryptography);
        return secret;
    }

    /// <summary>The node has answered an authenticated query: keep its key longer.</summary>
    public void Answered(Bytes32 nodeKey, PeerSecret secret)
    {
        _strangers.Remove(nodeKey);
        _answered.Set(nodeKey, secret)?.Wipe(_cryptography);
    }

    /// <summary>The key of a pair: a keyed hash, under the shared point, of the domain and both keys in ascending order.</summary>
    internal static bool TryDerive(ICryptography cryptography, NodeKeyPair keys, Bytes32 other, Span<byte> pairKey)
    {
        Span<byte> shared = stackalloc byte[32];
        Span<byte> pair = stackalloc byte[2 * Bytes32.Size];
        other.CopyTo(pair);
        if (!keys.TryAgree(pair[..Bytes32.Size], shared))
        {
            return false;
        }

        var own = keys.Id.Value;
        var ascending = own.CompareTo(other) <= 0;
        (ascending ? own : other).CopyTo(pair);
        (ascending ? other : own).CopyTo(pair[Bytes32.Size..]);
        cryptography.Blake2bJoined(first: Domains.DhtPair, second: pair, digest: pairKey, key: shared);
        cryptography.Wipe(shared);
        return true;
    }
}
