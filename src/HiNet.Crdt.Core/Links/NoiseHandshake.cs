using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// Noise XX with empty prologue and payloads over Ed25519 keys: <c>-> e</c>; <c>&lt;- e, ee, s, es</c>; <c>-> s, se</c>.
/// Each side calls its write and read methods once and in turn; a read that gives false ends the handshake.
/// </summary>
internal sealed class NoiseHandshake : IDisposable
{
    public const int FirstSize = 32;
    public const int SecondSize = 32 + 32 + NoiseSymmetricState.TagSize + NoiseSymmetricState.TagSize;
    public const int ThirdSize = 32 + NoiseSymmetricState.TagSize + NoiseSymmetricState.TagSize;
    private const string ProtocolName = "Noise_XX_Ed25519_ChaChaPoly_BLAKE2b";
    private const int SealedKeySize = 32 + NoiseSymmetricState.TagSize;

    private readonly ICryptography _cryptography;
    private readonly NodeKeyPair _static;
    private readonly NodeKeyPair _ephemeral;
    private readonly NoiseSymmetricState _symmetric;
    private readonly byte[] _remoteEphemeral = new byte[32];
    private readonly byte[] _remoteStatic = new byte[32];

    public NoiseHandshake(ICryptography cryptography, NodeKeyPair staticKeys)
    {
        _cryptography = cryptography;
        _static = staticKeys;
        Span<byte> seed = stackalloc byte[32];
        cryptography.FillSecret(seed);
        _ephemeral = NodeKeyPair.FromSeed(cryptography, seed);
        cryptography.Wipe(seed);
        _symmetric = new NoiseSymmetricState(cryptography, ProtocolName);
    }

    /// <summary>Known to the initiator after the second message, to the responder after the third.</summary>
    public NodeId RemoteStatic => new(_remoteStatic);

    public ReadOnlySpan<byte> Hash => _symmetric.Hash;

    public void WriteFirst(Span<byte> message)
    {
        WriteEphemeral(message);
        _symmetric.EncryptAndHash([], []);
    }

    public void ReadFirst(ReadOnlySpan<byte> message)
    {
        ReadEphemeral(message);
        _symmetric.MixHash([]);
    }

    /// <summary>False when the remote's ephemeral key is no usable point.</summary>
    public bool TryWriteSecond(Span<byte> message)
    {
        WriteEphemeral(message[..32]);
        if (!TryMix(_ephemeral, _remoteEphemeral))
        {
            return false;
        }

        _symmetric.EncryptAndHash(_static.PublicKey, message.Slice(32, SealedKeySize));
        if (!TryMix(_static, _remoteEphemeral))
        {
            return false;
        }

        _symmetric.EncryptAndHash([], message[(32 + SealedKeySize)..]);
        return true;
    }

    public bool TryReadSecond(ReadOnlySpan<byte> message)
    {
        ReadEphemeral(message[..32]);
        return TryMix(_ephemeral, _remoteEphemeral)
            && _symmetric.TryDecryptAndHash(message.Slice(32, SealedKeySize), _remoteStatic)
            && TryMix(_ephemeral, _remoteStatic)
            && _symmetric.TryDecryptAndHash(message[(32 + SealedKeySize)..], []);
    }

    public bool TryWriteThird(Span<byte> message)
    {
        _symmetric.EncryptAndHash(_static.PublicKey, message[..SealedKeySize]);
        if (!TryMix(_static, _remoteEphemeral))
        {
            return false;
        }

        _symmetric.EncryptAndHash([], message[SealedKeySize..]);
        return true;
    }

    public bool TryReadThird(ReadOnlySpan<byte> message) =>
        _symmetric.TryDecryptAndHash(message[..SealedKeySize], _remoteStatic)
        && TryMix(_ephemeral, _remoteStatic)
        && _symmetric.TryDecryptAndHash(message[SealedKeySize..], []);

    public void Split(Span<byte> initiatorKey, Span<byte> responderKey) => _symmetric.Split(initiatorKey, responderKey);

    public void Dispose()
    {
        _ephemeral.Dispose();
        _symmetric.Dispose();
    }

    private void WriteEphemeral(Span<byte> target)
    {
        _ephemeral.PublicKey.CopyTo(target);
        _symmetric.MixHash(_ephemeral.PublicKey);
    }

    private void ReadEphemeral(ReadOnlySpan<byte> key)
    {
        key.CopyTo(_remoteEphemeral);
        _symmetric.MixHash(key);
    }

    private bool TryMix(NodeKeyPair own, ReadOnlySpan<byte> remote)
    {
        Span<byte> shared = stackalloc byte[32];
        var agreed = own.TryAgree(remote, shared);
        if (agreed)
        {
            _symmetric.MixKey(shared);
        }

        _cryptography.Wipe(shared);
        return agreed;
    }
}
