using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace HiNet.Crdt.Cryptography.Tests;

public sealed class PassphraseSealerTests
{
    private const string Passphrase = "correct horse battery staple";

    private static readonly byte[] s_secret = Enumerable.Range(0, 64).Select(value => (byte)value).ToArray();

    // The least cost: these tests are about the format.
    private readonly PassphraseSealer _sealer = new(new PassphraseCost(1, PassphraseCost.MinimumMemoryKiB));

    [Fact]
    public void The_vectors_open_and_seal_to_the_same_bytes()
    {
        var vectors = Vectors.Read().SealedSecrets;
        vectors.ShouldNotBeEmpty();
        foreach (var vector in vectors)
        {
            var blob = vector.Blob.Hex();
            PassphraseSealer.IsSealed(blob).ShouldBe(vector.Passphrase is not null, vector.Name);
            _sealer.Open(blob, vector.Passphrase).ShouldBe(vector.Secret.Hex(), vector.Name);

            var again = vector.Passphrase is null
                ? _sealer.Seal(vector.Secret.Hex(), null)
                : new PassphraseSealer(new PassphraseCost(vector.Operations, vector.MemoryKiB))
                    .Seal(vector.Secret.Hex(), vector.Passphrase, (vector.Salt + vector.Nonce).Hex());
            Convert.ToHexStringLower(again).ShouldBe(vector.Blob, vector.Name);
        }
    }

    [Fact]
    public void What_was_sealed_opens_and_any_flipped_bit_is_corrupt()
    {
        Prop.ForAll<byte[], NonEmptyString, int>((secret, passphrase, bit) =>
        {
            var blob = _sealer.Seal(secret, passphrase.Get);
            var opened = _sealer.Open(blob, passphrase.Get);
            blob.FlipBit(bit);
            return opened.AsSpan().SequenceEqual(secret) && IsCorrupt(blob, passphrase.Get);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_flipped_bit_of_an_open_secret_is_corrupt()
    {
        for (var bit = 0; bit < _sealer.Seal(s_secret, null).Length * 8; bit++)
        {
            var blob = _sealer.Seal(s_secret, null);
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
            IsCorrupt(blob, null).ShouldBeTrue($"bit {bit}");
        }
    }

    [Fact]
    public void Every_truncation_is_corrupt()
    {
        foreach (var blob in new[] { _sealer.Seal(s_secret, Passphrase), _sealer.Seal(s_secret, null) })
        {
            for (var length = 0; length < blob.Length; length++)
            {
                IsCorrupt(blob.AsSpan(0, length).ToArray(), Passphrase).ShouldBeTrue($"length {length}");
            }

            IsCorrupt([.. blob, 0], Passphrase).ShouldBeTrue();
        }
    }

    [Fact]
    public void Another_passphrase_is_wrong_and_the_sentence_says_so()
    {
        var blob = _sealer.Seal(s_secret, Passphrase);
        Should.Throw<WrongPassphraseException>(() => _sealer.Open(blob, "correct horse"))
            .Message.ShouldBe("The passphrase is wrong; check it and try again.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_sealed_secret_needs_a_passphrase(string? passphrase)
    {
        var blob = _sealer.Seal(s_secret, Passphrase);
        PassphraseSealer.IsSealed(blob).ShouldBeTrue();
        Should.Throw<PassphraseRequiredException>(() => _sealer.Open(blob, passphrase)).Message.ShouldContain("sealed with a passphrase");
    }

    [Fact]
    public void A_secret_without_a_passphrase_stays_open_and_is_marked_so()
    {
        var blob = _sealer.Seal(s_secret, null);
        PassphraseSealer.IsSealed(blob).ShouldBeFalse();
        _sealer.Open(blob, null).ShouldBe(s_secret);
    }

    [Fact]
    public void An_empty_passphrase_seals_nothing_and_is_refused() =>
        Should.Throw<ArgumentException>(() => _sealer.Seal(s_secret, ""));

    [Fact]
    public void A_sealed_secret_does_not_show_through_and_never_repeats()
    {
        var first = _sealer.Seal(s_secret, Passphrase);
        var second = _sealer.Seal(s_secret, Passphrase);
        first.ShouldNotBe(second);
        first.AsSpan().IndexOf(s_secret.AsSpan(0, 8)).ShouldBe(-1);
    }

    [Theory]
    [InlineData(1u, PassphraseCost.MaximumMemoryKiB + 1)]
    [InlineData(1u, uint.MaxValue)]
    [InlineData(PassphraseCost.MaximumOperations + 1, 8u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(0u, 8u)]
    [InlineData(1u, 7u)]
    public void A_hostile_cost_is_refused_before_any_work(uint operations, uint memoryKiB)
    {
        var blob = _sealer.Seal(s_secret, Passphrase);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(6), operations);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(10), memoryKiB);
        RestoreChecksum(blob);
        Should.Throw<CorruptSecretException>(() => _sealer.Open(blob, Passphrase)).Message.ShouldContain("more memory or time");
    }

    [Fact]
    public void A_lower_cost_written_into_a_blob_does_not_open_it()
    {
        var blob = new PassphraseSealer(new PassphraseCost(2, 16)).Seal(s_secret, Passphrase);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(6), 1);
        RestoreChecksum(blob);
        Should.Throw<WrongPassphraseException>(() => _sealer.Open(blob, Passphrase));
    }

    [Fact]
    public void A_newer_version_is_named()
    {
        var blob = _sealer.Seal(s_secret, null);
        blob[4] = 2;
        RestoreChecksum(blob);
        Should.Throw<CorruptSecretException>(() => _sealer.Open(blob, null)).Message.ShouldContain("version 2");
        Should.Throw<CorruptSecretException>(() => PassphraseSealer.IsSealed(blob));
    }

    [Fact]
    public void A_cost_out_of_bounds_or_a_secret_too_long_is_a_programmers_error()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new PassphraseSealer(new PassphraseCost(0, 8)));
        Should.Throw<ArgumentOutOfRangeException>(() => new PassphraseSealer(default));
        Should.Throw<ArgumentException>(() => _sealer.Seal(new byte[PassphraseSealer.MaximumSecretLength + 1], null));
    }

    private static void RestoreChecksum(byte[] blob) =>
        SodiumCryptography.Instance.Blake2b(blob.AsSpan(0, blob.Length - 16), blob.AsSpan(blob.Length - 16));

    private bool IsCorrupt(byte[] blob, string? passphrase)
    {
        try
        {
            _sealer.Open(blob, passphrase);
            return false;
        }
        catch (CorruptSecretException)
        {
            return true;
        }
    }
}
