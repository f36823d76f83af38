namespace HiNet.Crdt.Cryptography.Tests;

public sealed class SodiumCryptographyTests
{
    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;

    [Fact]
    public void Secrets_are_filled_and_differ()
    {
        byte[] first = new byte[32], second = new byte[32];
        _cryptography.FillSecret(first);
        _cryptography.FillSecret(second);
        _cryptography.FillSecret([]);
        first.ShouldNotBe(second);
        first.ShouldNotBe(new byte[32]);
    }

    [Fact]
    public void Wiping_leaves_zeros()
    {
        var secret = new byte[] { 1, 2, 3 };
        _cryptography.Wipe(secret);
        secret.ShouldBe(new byte[3]);
    }

    [Fact]
    public void Two_instances_start_and_agree()
    {
        byte[] first = new byte[32], second = new byte[32];
        new SodiumCryptography().Blake2b("x"u8, first);
        new SodiumCryptography().Blake2b("x"u8, second);
        first.ShouldBe(second);
    }

    [Fact]
    public void Threads_share_one_instance()
    {
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            byte[] seed = new byte[32], publicKey = new byte[32], secretKey = new byte[64], signature = new byte[64], nonce = new byte[24];
            for (var i = 0; i < 250; i++)
            {
                random.NextBytes(seed);
                random.NextBytes(nonce);
                var message = new byte[random.Next(0, 600)];
                random.NextBytes(message);

                _cryptography.Ed25519FromSeed(seed, publicKey, secretKey);
                _cryptography.Sign(secretKey, message, signature);
                _cryptography.Verify(publicKey, message, signature).ShouldBeTrue();

                byte[] sealedText = new byte[message.Length + 16], opened = new byte[message.Length];
                _cryptography.SealXChaCha(seed, nonce, publicKey, message, sealedText);
                _cryptography.OpenXChaCha(seed, nonce, publicKey, sealedText, opened).ShouldBeTrue();
                opened.ShouldBe(message);
            }
        });
    }

    [Fact]
    public void Hashing_signing_and_sealing_allocate_nothing()
    {
        byte[] seed = new byte[32], publicKey = new byte[32], secretKey = new byte[64], signature = new byte[64], digest = new byte[32];
        byte[] message = new byte[300], sealedText = new byte[316], nonce = new byte[24];
        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Work()
        {
            _cryptography.FillSecret(seed);
            _cryptography.Ed25519FromSeed(seed, publicKey, secretKey);
            _cryptography.Sign(secretKey, message, signature);
            _cryptography.Verify(publicKey, message, signature);
            _cryptography.Blake2b(message, digest, seed);
            _cryptography.Blake2b(message, seed, digest);
            _cryptography.SealXChaCha(seed, nonce, digest, message, sealedText);
            _cryptography.OpenXChaCha(seed, nonce, digest, sealedText, message);
            _cryptography.X25519Public(seed, publicKey);
            _cryptography.X25519(seed, publicKey, digest);
        }
    }
}
