using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Discovery;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>
/// LAN discovery in a process of its own, which may be in another network namespace: <c>lan PORT [SECRET [alone]]</c>. It says
/// <c>instance NAME</c>, then <c>found NAME SECRETS ENDPOINT…</c>, <c>lost NAME</c> and <c>warning TEXT</c>, until standard input
/// ends. With <c>alone</c> it takes port 5353 for itself first, so that nothing else can have it.
/// </summary>
internal static class LanChild
{
    internal const string Verb = "lan";

    internal static async Task<int> RunAsync(string[] arguments)
    {
        var gate = new Lock();
        using var four = arguments.Length > 3 ? Take(AddressFamily.InterNetwork) : null;
        using var six = arguments.Length > 3 ? Take(AddressFamily.InterNetworkV6) : null;
        var secret = new byte[Bytes32.Size];
        Encoding.ASCII.GetBytes(arguments.Length > 2 ? arguments[2] : string.Empty, secret);
        await using var service = MdnsService.Start(new MdnsServiceOptions
        {
            ServicePort = ushort.Parse(arguments[1], CultureInfo.InvariantCulture),
            Secrets = arguments.Length > 2 ? [new MdnsSecret(default, new Bytes32(secret))] : [],
            Found = peer => Say($"found {peer.Instance} {peer.Secrets.Count} {string.Join(' ', peer.EndPoints)}"),
            Lost = instance => Say($"lost {instance}"),
            Logger = new WarningLogger(Say),
        });
        Say($"instance {service.Instance}");
        await Console.In.ReadToEndAsync();
        return 0;

        static Socket Take(AddressFamily family)
        {
            var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            if (family == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(new IPEndPoint(family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, MdnsMachine.Port));
            return socket;
        }

        void Say(string line)
        {
            lock (gate)
            {
                Console.Out.WriteLine(line);
                Console.Out.Flush();
            }
        }
    }

    private sealed class WarningLogger(Action<string> say) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            say("warning " + formatter(state, exception));
    }
}
