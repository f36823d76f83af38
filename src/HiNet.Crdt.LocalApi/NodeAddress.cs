using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HiNet.Crdt.LocalApi;

/// <summary>Checks addresses of the form host:port, with an IPv6 address in brackets.</summary>
public static class NodeAddress
{
    /// <summary>True for a host and a port of 1 to 65,535, or 0 where any free port will do.</summary>
    /// <param name="text">For example <c>127.0.0.1:4000</c> or <c>[::1]:4000</c>.</param>
    /// <param name="problem">One sentence when the answer is false.</param>
    /// <param name="allowAnyPort">Whether port 0 is allowed.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(false)] out string? problem, bool allowAnyPort = false)
    {
        problem = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (text is null || colon <= 0)
        {
            problem = $"'{text}' is not an address; give HOST:PORT, for example 127.0.0.1:4000.";
            return false;
        }

        var host = text[..colon];
        var bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        var kind = Uri.CheckHostName(bracketed ? host[1..^1] : host);
        if (kind == UriHostNameType.Unknown || (kind == UriHostNameType.IPv6) != bracketed)
        {
            problem = $"'{host}' is not a host; give a name or an address, an IPv6 address in brackets.";
            return false;
        }

        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > 65_535
            || (port == 0 && !allowAnyPort))
        {
            problem = $"'{text[(colon + 1)..]}' is not a port; give a number from {(allowAnyPort ? 0 : 1)} to 65535.";
            return false;
        }

        return true;
    }
}
