using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HiNet.Crdt.Transport;

/// <summary>
/// Where a node listens or is reached: <c>host:port</c>, where host is a name, an IPv4 address or an IPv6 address in brackets.
/// </summary>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">1 to 65,535; 0, only where a node listens, lets the system choose.</param>
internal readonly record struct NodeAddress(string Host, int Port)
{
    /// <summary>A name in the DNS has at most 253 characters.</summary>
    private const int MaximumLength = 253 + 8;

    private const string Form = "write host:port, for example 192.0.2.7:4455 or [2001:db8::7]:4455";

    /// <exception cref="InvalidAddressException">It is not of this form.</exception>
    internal static NodeAddress Parse(string? text, bool forListening = false) =>
        TryParse(text, forListening, out var address, out var problem) ? address : throw new InvalidAddressException(problem);

    internal static bool TryParse(string? text, bool forListening, out NodeAddress address, [NotNullWhen(false)] out string? problem)
    {
        address = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            problem = $"An address is empty: {Form}.";
            return false;
        }

        if (text.Length > MaximumLength)
        {
            problem = $"An address has {text.Length} characters, more than any host name: {Form}.";
            return false;
        }

        problem = Split(text, out var host, out var port) ?? CheckHost(text, host) ?? CheckPort(text, port, forListening, out var number);
        if (problem is not null)
        {
            return false;
        }

        address = new NodeAddress(host, int.Parse(port, NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>What to hand to a socket: an address as it is, a name to be looked up.</summary>
    internal EndPoint ToEndPoint() =>
        IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static string? Split(string text, out string host, out string port)
    {
        var colon = text.LastIndexOf(':');
        host = colon < 0 ? text : text[..colon];
        port = colon < 0 ? string.Empty : text[(colon + 1)..];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
            return IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? null
                : $"The address {Quote(text)} has no IPv6 address between its brackets: {Form}.";
        }

        if (colon < 0 || text.EndsWith(']'))
        {
            return $"The address {Quote(text)} has no port: {Form}.";
        }

        return host.Contains(':', StringComparison.Ordinal)
            ? $"The address {Quote(text)} has more than one colon: put an IPv6 address into brackets, as in [2001:db8::7]:4455."
            : null;
    }

    private static string? CheckHost(string text, string host) => Uri.CheckHostName(host) switch
    {
        UriHostNameType.Unknown or UriHostNameType.Basic => $"The address {Quote(text)} has no valid host: {Form}.",
        _ => null,
    };

    private static string? CheckPort(string text, string port, bool forListening, out int number)
    {
        var least = forListening ? IPEndPoint.MinPort : 1;
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= IPEndPoint.MaxPort
            ? null
            : $"The port of the address {Quote(text)} is not a number from {least} to {IPEndPoint.MaxPort}: {Form}.";
    }

    // Addresses come from strangers' invites too, and these sentences end on terminals.
    private static string Quote(string text)
    {
        var shown = text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 61), "...");
        return "'" + string.Concat(shown.Select(c => c is > ' ' and < '\u007f' ? c : '?')) + "'";
    }
}
