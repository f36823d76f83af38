using System.Security.Cryptography;
using System.Text;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// Seals a home's secrets under a passphrase: Argon2id, then XChaCha20-Poly1305. Without a passphrase the secret is left open,
/// which the blob says, so that a host can warn. Format: <c>specs/08-cryptography.md</c>, "Sealed secrets". Thread-safe.
/// A passphrase is taken as its UTF-8 bytes, without normalisation.
/// </summary>
public sealed class PassphraseSealer
{
    /// <summary>The longest secret, in bytes: 1 MiB.</summary>
    public const int MaximumSecretLength = 1 << 20;

    private readonly PassphraseCost _cost;
    private readonly SodiumCryptography _cryptography;

    /// <summary>Seals at <see cref="PassphraseCost.Interactive"/>.</summary>
    /// <exception cref="NativeLibraryMissingException">libsodium is missing.</exception>
    public PassphraseSealer()
        : this(PassphraseCost.Interactive)
    {
    }

    /// <summary>Seals at <paramref name="cost"/>. Opening goes by the cost in the blob.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cost"/> is out of its bounds.</exception>
    /// <exception cref="NativeLibraryMissingException">libsodium is missing.</exception>
    public PassphraseSealer(PassphraseCost cost)
    {
        if (!cost.IsWithinBounds)
        {
            throw new ArgumentOutOfRangeException(nameof(cost), cost, "The cost is out of its bounds.");
        }

        _cost = cost;
        _cryptography = SodiumCryptography.Instance;
    }

    /// <summary>True when <paramref name="blob"/> is sealed, so that opening it needs a passphrase.</summary>
    /// <exception cref="CorruptSecretException"><paramref name="blob"/> is neither a sealed nor an open secret.</exception>
    public static bool IsSealed(ReadOnlySpan<byte> blob) =>
        SealedSecretFormat.ReadMode(blob) == SealedSecretFormat.ModeSealed;

    /// <summary>Seals <paramref name="secret"/>, or leaves it open when <paramref name="passphrase"/> is null. Every call draws a new salt and nonce.</summary>
    /// <exception cref="ArgumentException"><paramref name="passphrase"/> is empty, which would seal nothing, or <paramref name="secret"/> is too long.</exception>
    /// <exception cref="HiNetException">The machine has not the memory that the cost asks for.</exception>
    public byte[] Seal(ReadOnlySpan<byte> secret, string? passphrase)
    {
        Require.Size(secret, 0, MaximumSecretLength);
        if (passphrase is null)
        {
            var open = SealedSecretFormat.CreateOpen(secret.Length);
            secret.CopyTo(SealedSecretFormat.OpenPayload(open.AsSpan()));
            WriteChecksum(open);
            return open;
        }

        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        Span<byte> saltAndNonce = stackalloc byte[Sodium.SaltSize + Sodium.XChaChaNonceSize];
        _cryptography.FillSecret(saltAndNonce);
        return Seal(secret, passphrase, saltAndNonce);
    }

    /// <summary>
    /// Opens what <see cref="Seal(ReadOnlySpan{byte}, string?)"/> made, as an array that is the caller's to wipe. A passphrase for an open secret is ignored;
    /// a host that expects a sealed one asks <see cref="IsSealed"/> first.
    /// </summary>
    /// <exception cref="PassphraseRequiredException">It is sealed, and <paramref name="passphrase"/> is null or empty.</exception>
    /// <exception cref="WrongPassphraseException">It is sealed under another passphrase.</exception>
    /// <exception cref="CorruptSecretException">It is damaged, of an unknown version, or demands too much memory or time.</exception>
    /// <exception cref="HiNetException">The machine has not the memory that the blob's cost asks for.</exception>
    public byte[] Open(ReadOnlySpan<byte> blob, string? passphrase)
    {
        var mode = SealedSecretFormat.ReadMode(blob);
        CheckChecksum(blob);
        if (mode == SealedSecretFormat.ModeOpen)
        {
            return SealedSecretFormat.OpenPayload(blob).ToArray();
        }

        var cost = SealedSecretFormat.ReadCost(blob);
        if (!cost.IsWithinBounds)
        {
            throw CorruptSecretException.ExcessiveCost();
        }

        if (string.IsNullOrEmpty(passphrase))
        {
            throw new PassphraseRequiredException();
        }

        return OpenSealed(blob, passphrase, cost);
    }

    /// <summary>With a salt and nonce that must never have been used before; what the byte-exact vectors are checked with.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> secret, string passphrase, ReadOnlySpan<byte> saltAndNonce)
    {
        var blob = SealedSecretFormat.CreateSealed(secret.Length, _cost);
        saltAndNonce.CopyTo(SealedSecretFormat.SaltAndNonce(blob));

        Span<byte> key = stackalloc byte[Sodium.KeySize];
        try
        {
            Derive(passphrase, SealedSecretFormat.Salt(blob), _cost, key);
            _cryptography.SealXChaCha(
                key, SealedSecretFormat.Nonce(blob), SealedSecretFormat.SealedHeader(blob), secret, SealedSecretFormat.SealedPayload(blob.AsSpan()));
        }
        finally
        {
            _cryptography.Wipe(key);
        }

        WriteChecksum(blob);
        return blob;
    }

    private byte[] OpenSealed(ReadOnlySpan<byte> blob, string passphrase, PassphraseCost cost)
    {
        Span<byte> key = stackalloc byte[Sodium.KeySize];
        try
        {
            Derive(passphrase, SealedSecretFormat.Salt(blob), cost, key);
            var payload = SealedSecretFormat.SealedPayload(blob);

            // Pinned: a moving collector would leave a copy behind that nobody wipes.
            var secret = GC.AllocateArray<byte>(payload.Length - Sodium.TagSize, pinned: true);
            return _cryptography.OpenXChaCha(key, SealedSecretFormat.Nonce(blob), SealedSecretFormat.SealedHeader(blob), payload, secret)
                ? secret
                : throw new WrongPassphraseException();
        }
        finally
        {
            _cryptography.Wipe(key);
        }
    }

    private static unsafe void Derive(string passphrase, ReadOnlySpan<byte> salt, PassphraseCost cost, Span<byte> key)
    {
        var bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(passphrase), pinned: true);
        try
        {
            Encoding.UTF8.GetBytes(passphrase, bytes);
            fixed (byte* k = key, p = bytes, s = salt)
            {
                var memory = (nuint)cost.MemoryKiB * 1024;
                if (Sodium.PasswordHash(k, (ulong)key.Length, p, (ulong)bytes.Length, s, cost.Operations, memory, Sodium.Argon2id13) != 0)
                {
                    throw new HiNetException(
                        $"Checking the passphrase takes {Math.Max(1, cost.MemoryKiB / 1024)} MiB of memory, which this machine did not give; free some and try again.");
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    // Not secret: it tells damage from a wrong passphrase, before the passphrase is worked on at all.
    private void WriteChecksum(Span<byte> blob) =>
        _cryptography.Blake2b(SealedSecretFormat.Checked(blob), SealedSecretFormat.Checksum(blob));

    private void CheckChecksum(ReadOnlySpan<byte> blob)
    {
        Span<byte> checksum = stackalloc byte[SealedSecretFormat.ChecksumSize];
        _cryptography.Blake2b(SealedSecretFormat.Checked(blob), checksum);
        if (!checksum.SequenceEqual(SealedSecretFormat.Checksum(blob)))
        {
            throw CorruptSecretException.Damaged();
        }
    }
}
