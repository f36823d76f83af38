using System.Security.Cryptography;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// An identity's root on paper: 256 bits as 24 words of BIP 39's English list, of which the last carries an 8-bit checksum.
/// Disposal wipes the entropy; the words that were read from it are strings and are not wiped.
/// Seeds do not come from BIP 39's PBKDF2 but as <c>specs/08-cryptography.md</c>, "Recovery phrase", says.
/// </summary>
public sealed class RecoveryPhrase : IDisposable
{
    /// <summary>Words in a phrase.</summary>
    public const int WordCount = 24;

    private const int EntropySize = 32;
    private const int BitsPerWord = 11;

    private readonly LockedMemory _entropy;

    private RecoveryPhrase(Span<byte> entropy) => _entropy = LockedMemory.MoveFrom(entropy);

    /// <summary>The words in their order, in lower case.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            Span<byte> bits = stackalloc byte[EntropySize + 1];
            _entropy.Span.CopyTo(bits);
            bits[EntropySize] = Checksum(_entropy.Span);
            var words = new string[WordCount];
            for (var word = 0; word < WordCount; word++)
            {
                words[word] = RecoveryWords.English[ReadBits(bits, word * BitsPerWord)];
            }

            CryptographicOperations.ZeroMemory(bits);

            // The span above does not keep its memory from the finalizer.
            GC.KeepAlive(this);
            return words;
        }
    }

    /// <summary>A new phrase, from <paramref name="cryptography"/>'s unpredictable bytes.</summary>
    public static RecoveryPhrase Create(ICryptography cryptography)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> entropy = stackalloc byte[EntropySize];
        cryptography.FillSecret(entropy);
        return FromEntropy(entropy);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote, in any case and with any white space between the words.</summary>
    /// <exception cref="InvalidRecoveryPhraseException">The first unknown word, a wrong number of words, or a wrong checksum.</exception>
    public static RecoveryPhrase Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> bits = stackalloc byte[EntropySize + 1];
        bits.Clear();
        try
        {
            ReadWords(text, bits);
            return bits[EntropySize] == Checksum(bits[..EntropySize])
                ? new RecoveryPhrase(bits[..EntropySize])
                : throw InvalidRecoveryPhraseException.WrongChecksum();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bits);
        }
    }

    /// <summary>
    /// Derives the seed for one <paramref name="purpose"/>: BLAKE2b-256 keyed by the entropy over <c>"hinet/v1/"</c> and the purpose.
    /// </summary>
    /// <param name="seed32">Takes 32 bytes.</param>
    /// <param name="purpose">ASCII, as in <c>identity</c> or <c>agreement</c>; 1 to 64 bytes.</param>
    public void DeriveSeed(Span<byte> seed32, ReadOnlySpan<byte> purpose)
    {
        Require.Size(seed32, EntropySize);
        Require.Size(purpose, 1, 64);
        SodiumCryptography.Instance.Blake2bJoined("hinet/v1/"u8, purpose, seed32, _entropy.Span);
        GC.KeepAlive(this);
    }

    /// <summary>The 24 words with a space between each two: a secret, to be shown to its owner only.</summary>
    public override string ToString() => string.Join(' ', Words);

    /// <summary>Wipes the entropy.</summary>
    public void Dispose() => _entropy.Dispose();

    /// <summary>The phrase of given entropy, which is wiped where it was.</summary>
    internal static RecoveryPhrase FromEntropy(Span<byte> entropy)
    {
        Require.Size(entropy, EntropySize);
        return new RecoveryPhrase(entropy);
    }

    private static void ReadWords(ReadOnlySpan<char> text, Span<byte> bits)
    {
        Span<char> lower = stackalloc char[RecoveryWords.LongestWord];
        var count = 0;
        while (!(text = text.TrimStart()).IsEmpty)
        {
            var end = 1;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            var word = text[..end];
            text = text[end..];

            // Bounds the work on a text that is no phrase at all.
            if (++count > 2 * WordCount)
            {
                throw InvalidRecoveryPhraseException.TooLong();
            }

            if (word.Length > lower.Length || !RecoveryWords.TryFind(lower[..word.ToLowerInvariant(lower)], out var index))
            {
                throw InvalidRecoveryPhraseException.UnknownWord(count, word);
            }

            if (count <= WordCount)
            {
                WriteBits(bits, (count - 1) * BitsPerWord, index);
            }
        }

        lower.Clear();
        if (count != WordCount)
        {
            throw InvalidRecoveryPhraseException.WrongCount(count);
        }
    }

    /// <summary>BIP 39: as many bits of SHA-256 as there are words' bits left, which is 8 for 24 words.</summary>
    private static unsafe byte Checksum(ReadOnlySpan<byte> entropy)
    {
        Sodium.EnsureReady();
        var digest = stackalloc byte[32];
        fixed (byte* e = entropy)
        {
            Require.Done(Sodium.Sha256(digest, e, (ulong)entropy.Length));
        }

        return digest[0];
    }

    private static int ReadBits(ReadOnlySpan<byte> bits, int from)
    {
        var value = 0;
        for (var bit = from; bit < from + BitsPerWord; bit++)
        {
            value = (value << 1) | ((bits[bit >> 3] >> (7 - (bit & 7))) & 1);
        }

        return value;
    }

    private static void WriteBits(Span<byte> bits, int from, int value)
    {
        for (var bit = 0; bit < BitsPerWord; bit++)
        {
            var one = (value >> (BitsPerWord - 1 - bit)) & 1;
            bits[(from + bit) >> 3] |= (byte)(one << (7 - ((from + bit) & 7)));
        }
    }
}
