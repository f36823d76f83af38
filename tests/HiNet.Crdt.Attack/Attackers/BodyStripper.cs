using System.Net;
using Google.Protobuf;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Content without its body, in both conversations; who asks for the bodies gets wrong ones. Bound: 100 entries a second, in visits of 20, 16 at once.</summary>
internal sealed class BodyStripper(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("body stripper", victim, tally, member)
{
    private readonly Lock _gate = new();

    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(5, 16, StripAsync, cancellationToken);

    private async Task StripAsync(CancellationToken cancellationToken)
    {
        var chain = AnyChain();
        var wanted = System.Threading.Channels.Channel.CreateUnbounded<Want>();
        var channel = new HostileChannel(Member, chain)
        {
            Heard = (type, payload) =>
            {
                if (type == HostileChannel.WantType)
                {
                    wanted.Writer.TryWrite(Want.Parser.ParseFrom(payload));
                }
            },
        };
        await VisitAsync(
            channel,
            async link =>
            {
                await GiveAsync(link, channel, cancellationToken, Stripped(chain));
                await link.StayAsync(TimeSpan.FromSeconds(3), cancellationToken);
                while (wanted.Reader.TryRead(out var want))
                {
                    Count("bodies asked for", want.Entries.Count);
                    await link.SendAsync(channel, HostileChannel.BodiesType, Wrong(want).ToByteArray(), cancellationToken);
                }
            },
            cancellationToken);
    }

    private SignedRun[] Stripped(HostileChain chain)
    {
        // Two visits may be at one chain.
        lock (_gate)
        {
            return [.. Enumerable.Range(0, RunsAtOnce).Select(_ => Strip(chain.Sign(chain.Say("you will never know"))))];
        }
    }

    private static SignedRun Strip(SignedRun run) => run with { Entries = [run.Last.WithBody(null)] };

    private static Bodies Wrong(Want want)
    {
        var bodies = new Bodies { Considered = (uint)want.Entries.Count };
        bodies.Bodies_.AddRange(want.Entries.Select(id => new Body { Entry = id, Sealed = ByteString.CopyFrom(Bytes(60)) }));
        return bodies;
    }
}
