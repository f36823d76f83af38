using System.Text;

namespace HiNet.Crdt.Cryptography;

/// <summary>BIP 39's English list: 2048 words in alphabetical order, no two with the same first four letters.</summary>
internal static class RecoveryWords
{
    internal const int Count = 2048;

    /// <summary>Letters in the longest word.</summary>
    internal const int LongestWord = 8;

    internal const string ResourceName = "HiNet.Crdt.Cryptography.bip39-english.txt";

    internal static IReadOnlyList<string> English => s_words;

    private static readonly string[] s_words = Load();

    internal static bool TryFind(ReadOnlySpan<char> word, out int index)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            index = (low + high) / 2;
            var order = word.SequenceCompareTo(s_words[index]);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (low, index - 1) : (index + 1, high);
        }

        index = -1;
        return false;
    }

    private static string[] Load()
    {
        using var stream = typeof(RecoveryWords).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException("The word list was left out of the assembly.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
