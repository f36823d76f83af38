using System.Globalization;
using System.Text;

namespace HiNet.Crdt;

/// <summary>What may be sent, checked before anything else is done. Each gives null, or a sentence that says what is wrong.</summary>
internal static class TextRules
{
    internal const int MaximumTextBytes = 65_536;
    internal const int MaximumEmojiBytes = 64;
    internal const int MaximumGroupNameBytes = 128;

    internal static string? ProblemOfText(string text) => Problem("message", text, MaximumTextBytes);

    internal static string? ProblemOfEmoji(string emoji) => Problem("reaction", emoji, MaximumEmojiBytes)
        ?? (emoji.EnumerateRunes().Any(rune => Rune.IsWhiteSpace(rune) || IsControl(rune))
            ? "A reaction is one emoji or word: leave out spaces and control characters."
            : null);

    internal static string? ProblemOfGroupName(string name) => Problem("group's name", name, MaximumGroupNameBytes)
        ?? (name.AsSpan().Trim().IsEmpty || name.EnumerateRunes().Any(IsControl)
            ? "A group's name is one line of visible text: leave out control characters."
            : null);

    private static string? Problem(string what, string text, int maximum)
    {
        if (text.Length == 0)
        {
            return $"A {what} needs at least one character.";
        }

        // A char is at least a byte of UTF-8, so what is far too long need not be counted.
        if (text.Length > maximum || Encoding.UTF8.GetByteCount(text) > maximum)
        {
            return string.Create(CultureInfo.InvariantCulture, $"A {what} has at most {maximum:N0} bytes of UTF-8: shorten or split it.");
        }

        return HasLoneSurrogate(text)
            ? $"The {what} is not valid Unicode: it has half of a surrogate pair."
            : null;
    }

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool HasLoneSurrogate(string text)
    {
        for (var at = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); at >= 0 && at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && (!char.IsHighSurrogate(text[at]) || ++at == text.Length || !char.IsLowSurrogate(text[at])))
            {
                return true;
            }
        }

        return false;
    }
}
