using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>Texts as people write them, in length and in letters: mostly short, sometimes long, never the same.</summary>
internal static class DrawnText
{
    private static readonly string[] s_words =
        ["yes", "no", "hello", "tomorrow", "größer", "δοκιμή", "проверка", "測試", "🙂", "we", "should", "look", "at", "this", "again", "x", "e\u0301", "שלום"];

    private static readonly string[] s_emoji = ["👍", "❤️", "😂", "+1"];

    public static string Of(ulong pick)
    {
        var words = (pick & 63) == 0 ? 200 : 1 + (int)((pick >> 6) % 12);
        var text = new System.Text.StringBuilder().Append(System.Globalization.CultureInfo.InvariantCulture, $"{pick:x16}");
        for (var i = 0; i < words; i++)
        {
            pick = KeyedRandom.Mix(pick + 1);
            text.Append(' ').Append(s_words[pick % (ulong)s_words.Length]);
        }

        return text.ToString();
    }

    /// <summary>As many bytes of UTF-8 as are asked for.</summary>
    public static string Of(ulong pick, int bytes)
    {
        var text = new System.Text.StringBuilder(bytes);
        var left = bytes;
        for (var word = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pick:x16}"); ; word = s_words[pick % (ulong)s_words.Length])
        {
            var length = System.Text.Encoding.UTF8.GetByteCount(word) + 1;
            if (length > left)
            {
                return text.Append('.', left).ToString();
            }

            text.Append(word).Append(' ');
            left -= length;
            pick = KeyedRandom.Mix(pick + 1);
        }
    }

    public static string Emoji(ulong pick) => s_emoji[pick % (ulong)s_emoji.Length];
}
