using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Too much of everything that is allowed: links, channels, messages of no meaning, the largest messages there are, bursts of
/// entries that everyone must apply, entries that wait for what will never come. The engine survives because everything that a
/// peer can make grow has a bound, and because what does not fit into a bound is fetched again when there is room.
/// </summary>
internal sealed class Flooder(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const int MostEntries = 400;

    private int _entries;

    protected override void Attack(AdversaryMachine machine)
    {
        if (Victim() is not { } victim || AnyConversation() is not { } writer)
        {
            return;
        }

        switch (Draw(0, 5))
        {
            case 0:
                for (var i = Draw(5, 30); i > 0; i--)
                {
                    machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], null) { Leaves = machine.Now + TimeSpan.FromSeconds(15) });
                }

                break;
            case 1:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [], null, OpenMany) { Leaves = machine.Now + TimeSpan.FromSeconds(10) });
                break;
            case 2:
                Visit(machine, victim, writer, ManyMessages);
                break;
            case 3:
                Visit(machine, victim, writer, channel => channel.Send((int)Draw(1, 7), new byte[LinkOptions.MaxPayload - 64]));
                break;
            case 4 when _entries < MostEntries:
                Give(machine, victim, writer, Burst(writer));
                break;
            default:
                Give(machine, victim, writer, Orphans(writer));
                break;
        }
    }

    private void OpenMany(ChannelLink link)
    {
        var id = Bytes(32);
        for (var i = Draw(100, 1_500); i > 0 && link.CanOpen; i--)
        {
            BitConverter.TryWriteBytes(id, i);
            link.OpenAny("hinet/conversation/1", id, []);
        }
    }

    private void ManyMessages(HostileChannel channel)
    {
        var frontier = Frontier.From([new FrontierHead(Home.Device, (ulong)Draw(0, 1 << 20), AnyId())]).Encode();
        for (var i = Draw(50, 500); i > 0; i--)
        {
            channel.Send(IsOn() ? HostileChannel.FrontierType : (int)Draw(5, 40), frontier);
        }
    }

    private SignedRun[] Burst(MemberWriter writer)
    {
        List<SignedRun> runs = [];
        for (var i = Draw(10, 80); i > 0; i--)
        {
            _entries++;
            runs.Add(writer.Sign(writer.SayBlindly("flood " + i)));
        }

        return [.. runs];
    }

    // In order of the chain, each waits for the one before it and the first for an entry that is not.
    private SignedRun[] Orphans(MemberWriter writer)
    {
        List<SignedRun> runs = [];
        var header = writer.Draft();
        var first = writer.Write(header with { Parents = [AnyId()], Depth = header.Depth + 10 }, new MessageBody { Text = "an orphan" });
        runs.Add(writer.Sign(first));
        for (var i = Draw(20, 200); i > 0; i--)
        {
            runs.Add(writer.Sign(writer.SayBlindly("an orphan's child")));
        }

        return [.. runs];
    }
}
