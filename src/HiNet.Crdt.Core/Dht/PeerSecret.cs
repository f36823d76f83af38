using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>What is remembered of another node to talk to it: the key of the pair, and the token it gave us last.</summary>
internal sealed class PeerSecret(byte[] pairKey)
{
    private static readonly TimeSpan s_tokenLife = TimeSpan.FromMinutes(4);

    private byte[]? _token;
    private Endpoint _tokenFor;
    private Instant _tokenSince;

    public ReadOnlySpan<byte> PairKey => pairKey;

    public void Keep(byte[] token, Endpoint endpoint, Instant now) => (_token, _tokenFor, _tokenSince) = (token, endpoint, now);

    /// <summary>The token for an endpoint while it is good, else nothing.</summary>
    public ReadOnlyMemory<byte> TokenFor(Endpoint endpoint, Instant now) =>
        _tokenFor == endpoint && now < _tokenSince + s_tokenLife ? _token : default(ReadOnlyMemory<byte>);

    public void Wipe(ICryptography cryptography) => cryptography.Wipe(pairKey);
}
