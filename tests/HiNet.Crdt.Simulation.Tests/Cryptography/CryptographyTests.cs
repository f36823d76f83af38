using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Tests.Cryptography;

/// <summary>What the protocol depends on, held by the imitation and by the seeded real thing alike.</summary>
public abstract class CryptographyTests
{
    private readonly ICryptography _cryptography;

    private protected CryptographyTests(Func<ulong, ICryptography> create)
    {
        _cryptography = create(1);
        Create = create;
    }

    private protected Func<ulong, ICryptography> Create { get; }

    [Fact]
    public void Secrets_derive_from_the_seed()
    {
        Secret(Create(5)).ShouldBe(Secret(Create(5)));
        Secret(Create(5)).ShouldNotBe(Secret(Create(6)));
        var one = Create(5);
        Secret(one).ShouldNotBe(Secret(one));
    }

    [Fact]
    public void A_digest_of_two_parts_is_that_of_the_whole()
    {
        var message = Enumerable.Range(0, 200).Select(i => (byte)i).ToArray();
        var expected = new byte[32];
        var actual = new byte[32];
        _cryptography.Blake2b(message, expected, [1, 2, 3]);
        foreach (var cut in new[] { 0, 1, 31, 32, 33, 64, 100, 200 })
        {
            _cryptography.Blake2bJoined(message.AsSpan(0, cut), message.AsSpan(cut), actual, [1, 2, 3]);
            actual.ShouldBe(expected);
        }
    }

    [Fact]
    public void Digests_differ_by_every_bit_the_length_and_the_key()
    {
        HashSet<string> seen = [];
        void Add(byte[] message, byte[] key, int length)
        {
            var digest = new byte[length];
            _cryptography.Blake2b(message, digest, key);
            seen.Add(Convert.ToHexString(digest.AsSpan(0, 16))).ShouldBeTrue();
        }

        for (var length = 0; length < 70; length++)
        {
            Add(new byte[length], [], 32);
        }

        for (var bit = 0; bit < 8 * 70; bit++)
        {
            var message = new byte[70];
            message[bit / 8] = (byte)(1 << (bit % 8));
            Add(message, [], 32);
        }

        Add(new byte[70], [], 64);
        Add(new byte[70], [0], 32);
        Add(new byte[70], [0, 0], 32);
    }

    [Fact]
    public void Only_the_holder_of_a_key_signs()
    {
        var (publicKey, secretKey) = SignKeys(1);
        var (otherPublic, otherSecret) = SignKeys(2);
        var signature = new byte[64];
        _cryptography.Sign(secretKey, [1, 2, 3], signature);
        _cryptography.Verify(publicKey, [1, 2, 3], signature).ShouldBeTrue();
        _cryptography.Verify(publicKey, [1, 2, 4], signature).ShouldBeFalse();
        _cryptography.Verify(otherPublic, [1, 2, 3], signature).ShouldBeFalse();
        _cryptography.Sign(otherSecret, [1, 2, 3], signature);
        _cryptography.Verify(publicKey, [1, 2, 3], signature).ShouldBeFalse();
        _cryptography.Verify(new byte[32], [1, 2, 3], signature).ShouldBeFalse();
    }

    [Fact]
    public void A_blinded_key_verifies_what_its_blinded_secret_signs_and_nothing_else()
    {
        var (publicKey, secretKey) = SignKeys(1);
        var (_, otherSecret) = SignKeys(2);
        byte[] factor = [.. Enumerable.Repeat((byte)0x55, 32)], otherFactor = [.. Enumerable.Repeat((byte)0x66, 32)];
        byte[] blinded = new byte[32], otherBlinded = new byte[32], signature = new byte[64];
        _cryptography.BlindPublicKey(publicKey, factor, blinded).ShouldBeTrue();
        _cryptography.BlindPublicKey(publicKey, otherFactor, otherBlinded).ShouldBeTrue();
        blinded.ShouldNotBe(otherBlinded);
        blinded.ShouldNotBe(publicKey);

        _cryptography.SignBlinded(secretKey, factor, [1, 2, 3], signature);
        _cryptography.Verify(blinded, [1, 2, 3], signature).ShouldBeTrue();
        _cryptography.Verify(blinded, [1, 2, 4], signature).ShouldBeFalse();
        _cryptography.Verify(otherBlinded, [1, 2, 3], signature).ShouldBeFalse();
        _cryptography.Verify(publicKey, [1, 2, 3], signature).ShouldBeFalse();
        _cryptography.SignBlinded(otherSecret, factor, [1, 2, 3], signature);
        _cryptography.Verify(blinded, [1, 2, 3], signature).ShouldBeFalse();

        // The bits that clamping fixes do not count, and blinding works on what is blinded already.
        byte[] unclamped = [0x57, .. factor[1..31], 0xd5], again = new byte[32];
        _cryptography.BlindPublicKey(publicKey, unclamped, again).ShouldBeTrue();
        again.ShouldBe(blinded);
        _cryptography.BlindPublicKey(blinded, factor, again).ShouldBeTrue();
        again.ShouldNotBe(blinded);
    }

    [Fact]
    public void A_record_that_one_home_writes_another_opens()
    {
        const long Now = 1_800_000_000_000;
        var home = HomeSecrets.Create(_cryptography, "Alice", Secret(_cryptography), Secret(_cryptography));
        var secret = RendezvousSecret.OfInvite(_cryptography, new Bytes32(Secret(_cryptography)), RecordKind.Contact);
        var keys = RendezvousKeys.Derive(_cryptography, secret, new RecordSchedule(_cryptography, secret).PeriodAt(Now));
        var contact = DeviceContact.Create(home.Certificate, home.Node, ["192.0.2.7:4711"]);
        var slot = RecordWriter.Write(_cryptography, keys, home.DeviceSecretKey.Span, contact, Now);
        var opened = RecordReader.Open(_cryptography, keys, slot, Now);
        opened.Problem.ShouldBe(RecordProblem.None);
        opened.Contact!.Node.ShouldBe(home.Node);
        var other = RendezvousSecret.OfInvite(_cryptography, new Bytes32(Secret(_cryptography)), RecordKind.Contact);
        var otherKeys = RendezvousKeys.Derive(_cryptography, other, keys.Period);
        otherKeys.Target.ShouldNotBe(keys.Target);
        otherKeys.Writer(_cryptography, home.Device).ShouldNotBe(slot.Writer);
    }

    [Fact]
    public void A_key_need_not_be_seen_before_it_is_blinded()
    {
        byte[] factor = [.. Enumerable.Repeat((byte)0x55, 32)], blinded = new byte[32], elsewhere = new byte[32], signature = new byte[64];
        var (publicKey, secretKey) = SignKeys(9);
        Create(1).BlindPublicKey(publicKey, factor, elsewhere).ShouldBeTrue();
        _cryptography.SignBlinded(secretKey, factor, [1], signature);
        _cryptography.BlindPublicKey(publicKey, factor, blinded).ShouldBeTrue();
        blinded.ShouldBe(elsewhere);
        _cryptography.Verify(elsewhere, [1], signature).ShouldBeTrue();
        _cryptography.BlindPublicKey(new byte[32], factor, blinded).ShouldBeFalse();
        blinded.ShouldBe(new byte[32]);
    }

    [Fact]
    public void Both_sides_agree_on_the_same_secret()
    {
        byte[] a = [.. Enumerable.Repeat((byte)8, 32)], b = [.. Enumerable.Repeat((byte)16, 32)];
        byte[] publicA = new byte[32], publicB = new byte[32], sharedA = new byte[32], sharedB = new byte[32];
        _cryptography.X25519Public(a, publicA);
        _cryptography.X25519Public(b, publicB);
        _cryptography.X25519(a, publicB, sharedA).ShouldBeTrue();
        _cryptography.X25519(b, publicA, sharedB).ShouldBeTrue();
        sharedA.ShouldBe(sharedB);
        _cryptography.X25519(a, new byte[32], sharedA).ShouldBeFalse();
    }

    [Fact]
    public void Both_sides_agree_with_signing_keys_too()
    {
        var (publicA, _) = SignKeys(3);
        var (publicB, _) = SignKeys(4);
        byte[] sharedA = new byte[32], sharedB = new byte[32];
        _cryptography.ScalarMultEd25519(Scalar(3), publicB, sharedA).ShouldBeTrue();
        _cryptography.ScalarMultEd25519(Scalar(4), publicA, sharedB).ShouldBeTrue();
        sharedA.ShouldBe(sharedB);
    }

    [Fact]
    public void A_changed_sealed_text_does_not_open()
    {
        byte[] key = Secret(_cryptography), plaintext = [1, 2, 3, 4, 5, 6, 7, 8, 9], sealedText = new byte[25], opened = new byte[9];
        _cryptography.SealXChaCha(key, new byte[24], [1], plaintext, sealedText);
        sealedText.AsSpan(0, 9).SequenceEqual(plaintext).ShouldBeFalse();
        _cryptography.OpenXChaCha(key, new byte[24], [1], sealedText, opened).ShouldBeTrue();
        opened.ShouldBe(plaintext);
        _cryptography.OpenXChaCha(key, new byte[24], [2], sealedText, opened).ShouldBeFalse();
        opened.ShouldBe(new byte[9]);
        sealedText[3] ^= 1;
        _cryptography.OpenXChaCha(key, new byte[24], [1], sealedText, opened).ShouldBeFalse();

        _cryptography.SealChaCha(key, new byte[12], [1], plaintext, sealedText);
        _cryptography.OpenChaCha(key, new byte[12], [1], sealedText, opened).ShouldBeTrue();
        opened.ShouldBe(plaintext);
    }

    [Fact]
    public void A_secret_stream_opens_in_order_only()
    {
        var key = Secret(_cryptography);
        byte[] header = new byte[24], first = new byte[20], second = new byte[20], opened = new byte[3];
        using var push = _cryptography.CreatePush(key, header);
        using var pull = _cryptography.CreatePull(key, header);
        push.Push([1, 2, 3], first);
        push.Push([4, 5, 6], second);
        pull.Pull(second, opened).ShouldBeFalse();
        pull.Pull(first, opened).ShouldBeTrue();
        opened.ShouldBe([1, 2, 3]);
        pull.Pull(first, opened).ShouldBeFalse();
        pull.Pull(second, opened).ShouldBeTrue();
        opened.ShouldBe([4, 5, 6]);
    }

    private static byte[] Secret(ICryptography cryptography)
    {
        var secret = new byte[32];
        cryptography.FillSecret(secret);
        return secret;
    }

    private (byte[] PublicKey, byte[] SecretKey) SignKeys(byte seed)
    {
        byte[] publicKey = new byte[32], secretKey = new byte[64];
        _cryptography.Ed25519FromSeed([.. Enumerable.Repeat(seed, 32)], publicKey, secretKey);
        return (publicKey, secretKey);
    }

    private byte[] Scalar(byte seed)
    {
        var expanded = new byte[64];
        _cryptography.Sha512([.. Enumerable.Repeat(seed, 32)], expanded);
        expanded[0] &= 248;
        expanded[31] = (byte)((expanded[31] & 127) | 64);
        return expanded[..32];
    }
}

public sealed class SimulatedCryptographyTests() : CryptographyTests(seed => new SimulatedCryptography(new KeyedRandom(seed)));

public sealed class SeededSodiumTests() : CryptographyTests(seed => new SeededSodium(new KeyedRandom(seed)));
