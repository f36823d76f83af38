using System.Globalization;
using System.Text;

namespace HiNet.Crdt.Core.Identity;

/// <summary>The name that a person gives themselves. Shown to others, never looked up: keys tell people apart.</summary>
public static class PersonName
{
    /// <summary>In UTF-8 bytes.</summary>
    public const int MaxBytes = 64;

    /// <summary>
    /// Whether a name can be shown as one line of text that does not reorder what stands around it: 1 to 64 bytes of UTF-8,
    /// no white space at either end, no control, separator or direction characters, no lone surrogates.
    /// </summary>
    public static bool IsValid(string? name)
    {
        // A char is at least one byte of UTF-8, so a long string need not be walked.
        if (string.IsNullOrEmpty(name) || name.Length > MaxBytes || name.Trim().Length != name.Length)
        {
            return false;
        }

        var bytes = 0;
        for (var at = 0; at < name.Length;)
        {
            if (!Rune.TryGetRuneAt(name, at, out var rune) || IsForbidden(rune))
            {
                return false;
            }

            at += rune.Utf16SequenceLength;
            bytes += rune.Utf8SequenceLength;
        }

        return bytes <= MaxBytes;
    }

    /// <exception cref="InvalidNameException">The name is not <see cref="IsValid"/>.</exception>
    internal static void ThrowIfInvalid(string? name)
    {
        if (!IsValid(name))
        {
            throw new InvalidNameException();
        }
    }

    // U+200C and U+200D shape letters and emoji; U+202A..E and U+2066..9 turn the direction of the text.
    private static bool IsForbidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>The nearest name that can be shown: without what <see cref="IsValid"/> forbids, cut to <paramref name="maxBytes"/> of UTF-8.</summary>
    public static string Clean(string name, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        var clean = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.Trim().EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > maxBytes)
            {
                break;
            }

            if (!IsForbidden(rune))
            {
                clean.Append(rune);
                bytes += rune.Utf8SequenceLength;
            }
        }

        return clean.ToString().Trim();
    }
}
