using System.Buffers;

namespace HiNet.Crdt.Cryptography;

/// <summary>A text is not a recovery phrase. The message says what to look at, without repeating any word that is right.</summary>
public sealed class InvalidRecoveryPhraseException : HiNetException
{
    private const int LongestShownWord = 16;

    private static readonly SearchValues<char> s_letters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private InvalidRecoveryPhraseException(string message)
        : base(message)
    {
    }

    /// <summary>Names a word that is in no phrase; only plain letters are repeated, because the text may reach a terminal.</summary>
    internal static InvalidRecoveryPhraseException UnknownWord(int position, ReadOnlySpan<char> word)
    {
        var shown = word.Length <= LongestShownWord && !word.ContainsAnyExcept(s_letters) ? $" ('{word}')" : "";
        return new($"Word {position}{shown} is not a word of recovery phrases; check its spelling.");
    }

    internal static InvalidRecoveryPhraseException WrongCount(int count) =>
        new($"The recovery phrase has {count} words where it must have {RecoveryPhrase.WordCount}; check that none is missing or doubled.");

    internal static InvalidRecoveryPhraseException TooLong() =>
        new($"The recovery phrase has more than {RecoveryPhrase.WordCount} words; check that none is doubled.");

    internal static InvalidRecoveryPhraseException WrongChecksum() =>
        new("The words of the recovery phrase do not belong together; check their order and that none is mistaken for another.");
}
