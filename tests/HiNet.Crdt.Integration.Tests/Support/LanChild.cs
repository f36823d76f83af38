using System.Globalization;
using System.Text;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Discovery;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>
/// LAN discovery in a process of its own, which may be in another network namespace: <c>lan PORT [SECRET]</c>. It says
/// <c>instance NAME</c>, then <c>found NAME SECRETS ENDPOINT…</c> and <c>lost NAME</c>, until standard input ends.
/// </summary>
internal static class LanChild
{
    internal const string Verb = "lan";

    internal static async Task<int> RunAsync(string[] arguments)
    {
        var gate = new Lock();
        var secret = new byte[Bytes32.Size];
        Encoding.ASCII.GetBytes(arguments.Length > 2 ? arguments[2] : string.Empty, secret);
        await using var service = MdnsService.Start(new MdnsServiceOptions
        {
            ServicePort = ushort.Parse(arguments[1], CultureInfo.InvariantCulture),
            Secrets = arguments.Length > 2 ? [new MdnsSecret(default, new Bytes32(secret))] : [],
            Found = peer => Say($"found {peer.Instance} {peer.Secrets.Count} {string.Join(' ', peer.EndPoints)}"),
            Lost = instance => Say($"lost {instance}"),
        });
        Say($"instance {service.Instance}");
        await Console.In.ReadToEndAsync();
        return 0;

        void Say(string line)
        {
            lock (gate)
            {
                Console.Out.WriteLine(line);
                Console.Out.Flush();
            }
        }
    }
}
