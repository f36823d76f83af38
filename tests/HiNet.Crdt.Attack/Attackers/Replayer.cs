using System.Net;
using Google.Protobuf;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Pulls everything, keeps what comes, and sends it again: the same messages many times, those of one conversation on the other's channel, and
/// the raw bytes of one link on another. Bound: 5 visits a second, 2 at once, 1 MiB a second.
/// </summary>
internal sealed class Replayer(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("replayer", victim, tally, member)
{
    private const int MostKept = 100;
    private const double BytesPerSecond = 1 << 20;

    private readonly Lock _gate = new();
    private readonly List<(int Type, byte[] Payload)> _kept = [];
    private readonly List<byte[]> _raw = [];

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var pace = new Pace(BytesPerSecond);
        await RepeatAsync(5, 2, stop => Draw(0, 3) == 0 ? RecordAsync(stop) : SayAgainAsync(pace, stop), cancellationToken);
    }

    private Task RecordAsync(CancellationToken cancellationToken)
    {
        var channel = new HostileChannel(Member, AnyChain()) { Heard = Keep };
        return VisitAsync(
            channel,
            async link =>
            {
                List<byte[]> raw = [];
                link.Raw = raw;
                await link.SendAsync(channel, HostileChannel.PullType, new Pull().ToByteArray(), cancellationToken);
                await link.StayAsync(TimeSpan.FromSeconds(2), cancellationToken);
                link.Raw = null;
                lock (_gate)
                {
                    _raw.AddRange(raw.Take(MostKept - _raw.Count));
                }
            },
            cancellationToken);
    }

    private Task SayAgainAsync(Pace pace, CancellationToken cancellationToken) => VisitAsync(
        AnyChain(),
        async (link, channel) =>
        {
            foreach (var (type, payload) in Any(_kept, 40))
            {
                await pace.NextAsync(payload.Length, cancellationToken);
                await link.SendAsync(channel, type, payload, cancellationToken);
                Count("messages again");
            }

            foreach (var raw in Any(_raw, 1))
            {
                link.SendRaw(raw);
                Count("links' bytes again");
            }

            await link.StayAsync(TimeSpan.FromSeconds(0.5), cancellationToken);
        },
        cancellationToken);

    private void Keep(int type, byte[] payload)
    {
        lock (_gate)
        {
            if (_kept.Count < MostKept)
            {
                _kept.Add((type, payload));
            }
        }
    }

    private List<T> Any<T>(List<T> kept, int count)
    {
        lock (_gate)
        {
            return kept.Count == 0 ? [] : [.. Enumerable.Range(0, count).Select(_ => kept[Draw(0, kept.Count - 1)])];
        }
    }
}
