using System.Globalization;
using System.Text;

namespace HiNet.Crdt.Cli.Chat;

/// <summary>How many columns a letter takes on a terminal (Unicode Standard Annex 11, in its rough outline).</summary>
internal static class CellWidth
{
    /// <param name="element">One text element: a letter with what combines with it.</param>
    public static int Of(string element)
    {
        var first = element.EnumerateRunes().First();
        if (element.Contains('\ufe0f'))
        {
            // The emoji presentation of a letter that is narrow otherwise.
            return 2;
        }

        return Rune.GetUnicodeCategory(first) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            ? 0
            : IsWide(first.Value) ? 2 : 1;
    }

    private static bool IsWide(int value) => value
        is (>= 0x1100 and <= 0x115f)
        or (>= 0x2e80 and <= 0x303e)
        or (>= 0x3041 and <= 0xa4cf)
        or (>= 0xac00 and <= 0xd7a3)
        or (>= 0xf900 and <= 0xfaff)
        or (>= 0xfe30 and <= 0xfe6f)
        or (>= 0xff00 and <= 0xff60)
        or (>= 0xffe0 and <= 0xffe6)
        or (>= 0x1f300 and <= 0x1f64f)
        or (>= 0x1f680 and <= 0x1f6ff)
        or (>= 0x1f900 and <= 0x1f9ff)
        or (>= 0x20000 and <= 0x3fffd);
}
