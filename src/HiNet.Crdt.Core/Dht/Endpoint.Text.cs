using System.Globalization;
using System.Text;

namespace HiNet.Crdt.Core.Dht;

public readonly partial record struct Endpoint
{
    private const int Groups = 8;

    /// <summary>Reads what <see cref="ToString"/> wrote, or any other textual form of RFC 4291 in brackets; no names, no zones.</summary>
    public static bool TryParse(string? text, out Endpoint endpoint)
    {
        endpoint = default;
        var colon = text?.LastIndexOf(':') ?? -1;

        // The framework's readers of numbers take zero characters behind one.
        if (colon <= 0 || text!.Contains('\0') || !TryNumber(text.AsSpan(colon + 1), ushort.MaxValue, out var port))
        {
            return false;
        }

        var host = text.AsSpan(0, colon);
        UInt128 address;
        if (host is ['[', .., ']'])
        {
            if (!TryLong(host[1..^1], out address))
            {
                return false;
            }
        }
        else if (TryShort(host, out var word))
        {
            address = s_mapped | word;
        }
        else
        {
            return false;
        }

        endpoint = new Endpoint(address, (ushort)port);
        return true;
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no endpoint.</exception>
    public static Endpoint Parse(string text) =>
        TryParse(text, out var endpoint) ? endpoint : throw new FormatException($"{text} is no endpoint: write 1.2.3.4:5 or [2001:db8::1]:5.");

    private static bool TryNumber(ReadOnlySpan<char> text, uint max, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max && (text.Length == 1 || text[0] != '0');

    private static bool TryShort(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            if (!TryNumber(text[range], byte.MaxValue, out var part))
            {
                return false;
            }

            address = (address << 8) | part;
            parts++;
        }

        return parts == 4;
    }

    private static bool TryLong(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        var gap = text.IndexOf("::");
        if (gap < 0)
        {
            return TryGroups(text, isEnd: true, out address, out var all) && all == Groups;
        }

        if (!TryGroups(text[..gap], isEnd: false, out var high, out var before)
            || !TryGroups(text[(gap + 2)..], isEnd: true, out var low, out var after)
            || before + after >= Groups)
        {
            return false;
        }

        address = before == 0 ? low : (high << (16 * (Groups - before))) | low;
        return true;
    }

    // Only at the end of an address may its last 32 bits be written as an IPv4 one.
    private static bool TryGroups(ReadOnlySpan<char> text, bool isEnd, out UInt128 value, out int groups)
    {
        value = 0;
        groups = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            if (isEnd && range.End.Value == text.Length && TryShort(group, out var tail))
            {
                value = (value << 32) | tail;
                groups += 2;
            }
            else if (group.Length is >= 1 and <= 4 && ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word))
            {
                value = (value << 16) | word;
                groups++;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    // RFC 5952: the longest run of at least two zero groups, the first of equals, becomes "::".
    private string LongText()
    {
        var (start, length) = (0, 1);
        for (var i = 0; i < Groups; i++)
        {
            var run = 0;
            while (i + run < Groups && Group(i + run) == 0)
            {
                run++;
            }

            if (run > length)
            {
                (start, length) = (i, run);
            }
        }

        var text = new StringBuilder(39);
        for (var i = 0; i < Groups; i++)
        {
            if (length > 1 && i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            if (text.Length > 0 && text[^1] != ':')
            {
                text.Append(':');
            }

            text.Append(CultureInfo.InvariantCulture, $"{Group(i):x}");
        }

        return text.ToString();
    }

    private ushort Group(int index) => (ushort)(Address >> (16 * (Groups - 1 - index)));
}
