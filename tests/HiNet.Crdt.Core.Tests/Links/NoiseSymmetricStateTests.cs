using System.Text;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Tests.Support;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class NoiseSymmetricStateTests
{
    private const string Name = "Noise_of_a_test";
    private static readonly byte[] s_material = [1, 2, 3];

    private readonly CountedSecrets _secrets = new();

    [Fact]
    public void Text_passes_as_it_is_before_a_key_was_mixed_in()
    {
        using var writer = new NoiseSymmetricState(_secrets, Name);
        using var reader = new NoiseSymmetricState(_secrets, Name);
        var (sent, read) = (new byte[3], new byte[3]);
        writer.EncryptAndHash([7, 8, 9], sent);
        sent.ShouldBe([7, 8, 9]);
        reader.TryDecryptAndHash(sent, read).ShouldBeTrue();
        read.ShouldBe([7, 8, 9]);
        reader.Hash.ToArray().ShouldBe(writer.Hash.ToArray());
    }

    [Fact]
    public void Text_that_was_changed_is_refused_and_not_hashed()
    {
        using var writer = new NoiseSymmetricState(_secrets, Name);
        using var reader = new NoiseSymmetricState(_secrets, Name);
        writer.MixKey(s_material);
        reader.MixKey(s_material);
        var (sent, read) = (new byte[3 + NoiseSymmetricState.TagSize], new byte[3]);
        writer.EncryptAndHash([7, 8, 9], sent);
        sent[0] ^= 1;
        var before = reader.Hash.ToArray();
        reader.TryDecryptAndHash(sent, read).ShouldBeFalse();
        reader.Hash.ToArray().ShouldBe(before);
    }

    [Fact]
    public void Everything_from_which_a_key_could_be_made_is_wiped()
    {
        var chainingKey = new byte[64];
        Encoding.ASCII.GetBytes(Name, chainingKey);
        var state = new NoiseSymmetricState(_secrets, Name);
        state.MixKey(s_material);
        var (first, second) = ShouldHaveWipedAllOf(chainingKey, s_material);

        var (initiatorKey, responderKey) = (new byte[32], new byte[32]);
        state.Split(initiatorKey, responderKey);
        var (third, fourth) = ShouldHaveWipedAllOf(first, []);
        initiatorKey.ShouldBe(third[..32]);
        responderKey.ShouldBe(fourth[..32]);

        _secrets.CountOf(first).ShouldBe(1);
        _secrets.CountOf(second[..32]).ShouldBe(0);
        state.Dispose();
        _secrets.CountOf(first).ShouldBe(2);
        _secrets.CountOf(second[..32]).ShouldBe(1);
    }

    /// <summary>The two outputs of HKDF; all that comes up on the way to them has to be wiped.</summary>
    private (byte[] First, byte[] Second) ShouldHaveWipedAllOf(byte[] chainingKey, byte[] material)
    {
        var extracted = Hmac(chainingKey, material);
        var first = Hmac(extracted, [1]);
        byte[] next = [.. first, 2];
        var second = Hmac(extracted, next);
        _secrets.ShouldHaveWiped(extracted, first, next, second);
        return (first, second);
    }

    private byte[] Hmac(byte[] key, byte[] message)
    {
        var (inner, outer) = (Pad(key, 0x36), Pad(key, 0x5c));
        var hash = Hash([.. inner, .. message]);
        _secrets.ShouldHaveWiped(outer, hash);
        return Hash([.. outer, .. hash]);
    }

    private static byte[] Pad(byte[] key, byte value)
    {
        var pad = new byte[128];
        for (var i = 0; i < pad.Length; i++)
        {
            pad[i] = (byte)(value ^ (i < key.Length ? key[i] : 0));
        }

        return pad;
    }

    private static byte[] Hash(byte[] message)
    {
        var digest = new byte[64];
        SodiumCryptography.Instance.Blake2b(message, digest);
        return digest;
    }
}
