using System.Net;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>Browser and responder of one link without a machine around them, with a clock that the test moves and draws that it says.</summary>
internal sealed class LinkBench : IEffectSink<MdnsEffect>, IRandomSource
{
    internal LinkBench(params string[] subnets)
        : this(4455, subnets)
    {
    }

    internal LinkBench(ushort port, params string[] subnets)
    {
        Link = LinkOf(1, subnets.Length > 0 ? subnets : ["192.0.2.1/24"]);
        Own = new OwnService(new CountedSecrets(), port);
        Own.DrawNames(keepsOld: false);
        Own.DrawText([]);
        Own.Addresses.UnionWith(Link.Subnets.Select(subnet => subnet.Address));
        Context = new MdnsContext(this, Own) { Effects = this };
        Browser = new LinkBrowser(Context, Link);
        Responder = new LinkResponder(Context, Link);
    }

    internal MdnsLink Link { get; }

    internal OwnService Own { get; }

    internal MdnsContext Context { get; }

    internal LinkBrowser Browser { get; }

    internal LinkResponder Responder { get; }

    internal Instant Now { get; set; } = new(50_000_000);

    /// <summary>What every draw gives; zero makes each delay the least.</summary>
    internal ulong Drawn { get; set; }

    internal List<ulong> Draws { get; } = [];

    internal List<(Instant At, DnsMessage Message, byte[] Bytes)> Sent { get; } = [];

    internal List<(Instant At, MdnsEffect.Unicast Effect, DnsMessage Message)> Unicasts { get; } = [];

    internal IEnumerable<DnsMessage> Messages => Sent.Select(sent => sent.Message);

    private List<MdnsEffect.Count> Counts { get; } = [];

    internal static MdnsAddress Address(string text) => MdnsAddress.FromBytes(IPAddress.Parse(text).GetAddressBytes());

    internal static MdnsLink LinkOf(int number, params string[] subnets) => new(
        new MdnsLinkId(number, false),
        [.. subnets.Select(subnet => subnet.Split('/')).Select(parts => new MdnsSubnet(Address(parts[0]), int.Parse(parts[1], null)))]);

    /// <summary>Draws, and the milliseconds that they give in a range with both ends in it: the number behind the last begins again.</summary>
    internal static IEnumerable<(ulong Draw, int Milliseconds)> EndsOf(int least, int most)
    {
        var span = (ulong)(most - least) * 1000;
        return [(0, least), (span, most), (span + 1, least)];
    }

    /// <summary>A link on which the node's records were announced a while ago.</summary>
    internal static LinkBench Announced(params string[] subnets)
    {
        var bench = new LinkBench(subnets);
        bench.Responder.Probe(bench.Now, TimeSpan.Zero);
        bench.Run(5);
        bench.Forget();
        return bench;
    }

    internal long Counted(string instrument) => Counts.Where(count => count.Instrument == instrument).Sum(count => count.Amount);

    internal void Forget()
    {
        Sent.Clear();
        Unicasts.Clear();
        Counts.Clear();
        Context.Changed.Clear();
    }

    internal void Ask(DnsName name, ushort type, params DnsRecord[] known) =>
        Ask(new DnsMessage { Questions = [new DnsQuestion(name, type)], Answers = known });

    internal void Ask(DnsMessage query, string asker = "192.0.2.9", ushort port = MdnsMachine.Port)
    {
        Responder.TakeQuery(query, Address(asker), port, Now);
        Responder.HandleDeadline(Now);
    }

    internal void Hear(DnsMessage response, string source = "192.0.2.9") => Browser.TakeResponse(response, Address(source), Now);

    /// <summary>Lets time pass, and gives each part its deadlines.</summary>
    internal void Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        for (var steps = 0; ; steps++)
        {
            steps.ShouldBeLessThan(10_000, "a part of the link spins");
            var next = Instant.Min(Browser.Deadline, Responder.Deadline);
            if (next > end)
            {
                Now = end;
                return;
            }

            Now = next > Now ? next : Now;
            if (Responder.Deadline <= Now)
            {
                Responder.HandleDeadline(Now);
            }

            if (Browser.Deadline <= Now)
            {
                Browser.HandleDeadline(Now);
            }
        }
    }

    public void Add(MdnsEffect effect)
    {
        switch (effect)
        {
            case MdnsEffect.Multicast multicast:
                multicast.Link.ShouldBe(Link.Id);
                Sent.Add((Now, DnsMessage.Read(multicast.Bytes.Span).ShouldNotBeNull(), multicast.Bytes.ToArray()));
                break;
            case MdnsEffect.Unicast unicast:
                unicast.Link.ShouldBe(Link.Id);
                Unicasts.Add((Now, unicast, DnsMessage.Read(unicast.Bytes.Span).ShouldNotBeNull()));
                break;
            case MdnsEffect.Count count:
                Counts.Add(count);
                break;
            default:
                throw new ArgumentException($"A link does not say {effect}.", nameof(effect));
        }
    }

    public ulong Draw(RandomStream stream, ulong counter)
    {
        stream.ShouldBe(RandomStream.LanDiscovery);
        Draws.Add(counter);
        return Drawn;
    }
}
