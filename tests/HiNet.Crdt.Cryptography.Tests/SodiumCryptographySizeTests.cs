namespace HiNet.Crdt.Cryptography.Tests;

[Collection("Secret streams")]
public sealed class SodiumCryptographySizeTests
{
    private static readonly byte[] s_16 = new byte[16];
    private static readonly byte[] s_24 = new byte[24];
    private static readonly byte[] s_31 = new byte[31];
    private static readonly byte[] s_32 = new byte[32];
    private static readonly byte[] s_63 = new byte[63];
    private static readonly byte[] s_64 = new byte[64];
    private static readonly byte[] s_65 = new byte[65];

    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;

    [Fact]
    public void Hashes_refuse_other_sizes()
    {
        Refused(c => c.Blake2b(s_16, new byte[15]));
        Refused(c => c.Blake2b(s_16, s_65));
        Refused(c => c.Blake2b(s_16, s_32, s_65));
        Refused(c => c.Blake2b(s_16, s_16, s_65));
        Refused(c => c.Blake2bJoined(s_16, s_16, new byte[15], s_32));
        Refused(c => c.Blake2bJoined(s_16, s_16, new byte[32], s_65));
        Refused(c => c.Sha512(s_16, s_63));
    }

    [Fact]
    public void Signatures_refuse_other_sizes()
    {
        Refused(c => c.Ed25519FromSeed(s_31, s_32, s_64));
        Refused(c => c.Ed25519FromSeed(s_32, s_31, s_64));
        Refused(c => c.Ed25519FromSeed(s_32, s_32, s_63));
        Refused(c => c.Sign(s_63, s_16, new byte[64]));
        Refused(c => c.Sign(s_64, s_16, new byte[63]));
        Refused(c => c.Verify(s_31, s_16, s_64));
        Refused(c => c.Verify(s_32, s_16, s_63));
        Refused(c => c.BlindPublicKey(s_31, s_32, new byte[32]));
        Refused(c => c.BlindPublicKey(s_32, s_31, new byte[32]));
        Refused(c => c.BlindPublicKey(s_32, s_32, new byte[31]));
        Refused(c => c.SignBlinded(s_63, s_32, s_16, new byte[64]));
        Refused(c => c.SignBlinded(s_64, s_31, s_16, new byte[64]));
        Refused(c => c.SignBlinded(s_64, s_32, s_16, new byte[63]));
    }

    [Fact]
    public void Agreements_refuse_other_sizes()
    {
        Refused(c => c.ScalarMultEd25519(s_31, s_32, new byte[32]));
        Refused(c => c.ScalarMultEd25519(s_32, s_31, new byte[32]));
        Refused(c => c.ScalarMultEd25519(s_32, s_32, new byte[31]));
        Refused(c => c.X25519Public(s_31, new byte[32]));
        Refused(c => c.X25519Public(s_32, new byte[31]));
        Refused(c => c.X25519(s_31, s_32, new byte[32]));
        Refused(c => c.X25519(s_32, s_31, new byte[32]));
        Refused(c => c.X25519(s_32, s_32, new byte[31]));
    }

    [Fact]
    public void Seals_refuse_other_sizes()
    {
        Refused(c => c.SealXChaCha(s_31, s_24, [], s_16, s_32));
        Refused(c => c.SealXChaCha(s_32, new byte[12], [], s_16, s_32));
        Refused(c => c.SealXChaCha(s_32, s_24, [], s_16, s_31));
        Refused(c => c.OpenXChaCha(s_31, s_24, [], s_32, new byte[16]));
        Refused(c => c.OpenXChaCha(s_32, new byte[12], [], s_32, new byte[16]));
        Refused(c => c.OpenXChaCha(s_32, s_24, [], s_32, new byte[17]));
        Refused(c => c.SealChaCha(s_31, new byte[12], [], s_16, s_32));
        Refused(c => c.SealChaCha(s_32, s_24, [], s_16, s_32));
        Refused(c => c.SealChaCha(s_32, new byte[12], [], s_16, s_31));
        Refused(c => c.OpenChaCha(s_31, new byte[12], [], s_32, new byte[16]));
        Refused(c => c.OpenChaCha(s_32, s_24, [], s_32, new byte[16]));
        Refused(c => c.OpenChaCha(s_32, new byte[12], [], s_32, new byte[15]));
    }

    [Fact]
    public void Streams_refuse_other_sizes()
    {
        Refused(c => c.CreatePush(s_31, new byte[24]));
        Refused(c => c.CreatePush(s_32, new byte[23]));
        Refused(c => c.CreatePull(s_31, s_24));
        Refused(c => c.CreatePull(s_32, s_31));
        using var push = _cryptography.CreatePush(s_32, new byte[24]);
        using var pull = _cryptography.CreatePull(s_32, s_24);
        Refused(_ => push.Push(s_16, new byte[32]));
        Refused(_ => pull.Pull(s_32, new byte[16]));
    }

    [Fact]
    public void Texts_that_overlap_apart_from_their_start_are_refused()
    {
        var buffer = new byte[128];
        Refused(c => c.SealXChaCha(s_32, s_24, [], buffer.AsSpan(1, 16), buffer.AsSpan(0, 32)));
        Refused(c => c.OpenChaCha(s_32, new byte[12], [], buffer.AsSpan(0, 32), buffer.AsSpan(1, 16)));
        Refused(c => c.Sign(s_64, buffer, buffer.AsSpan(0, 64)));
        using var push = _cryptography.CreatePush(s_32, new byte[24]);
        Refused(_ => push.Push(buffer.AsSpan(0, 16), buffer.AsSpan(0, 33)));
    }

    private void Refused(Action<SodiumCryptography> call) => Should.Throw<ArgumentException>(() => call(_cryptography));
}
