using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Says that it has entries and never delivers them, or nothing again and again as if it did; stops in the middle of handshakes, transfers and frames; takes links and
/// never answers. The engine survives because each of these has a deadline of its own, because a pull that stalls gives its turn
/// to another link, and because no entry is had from one place only once an honest node has it.
/// </summary>
internal sealed class Withholder(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    public override HostileLink? TakeIncoming(AdversaryMachine machine, LinkId link) =>
        IsActing && Draw(0, 3) == 0
            ? new MuteLink(machine, link, []) { Leaves = machine.Now + TimeSpan.FromSeconds(40) }
            : null;

    protected override void Attack(AdversaryMachine machine)
    {
        if (Victim() is not { } victim || AnyConversation() is not { } writer)
        {
            return;
        }

        var stay = machine.Now + TimeSpan.FromSeconds(Draw(10, 90));
        switch (Draw(0, 5))
        {
            case 0:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], Promise) { Leaves = stay });
                break;
            case 1 or 5:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], Promise) { Leaves = stay, Drips = TimeSpan.FromSeconds(5) });
                break;
            case 2:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], StopWithin) { Leaves = stay });
                break;
            case 3:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], null) { Leaves = stay, SilentAfter = (int)Draw(0, 300) });
                break;
            default:
                machine.Dial(victim, id => new MuteLink(machine, id, StreamLink.Frame(Bytes((int)Draw(0, 40)))[..^1]) { Leaves = stay });
                break;
        }
    }

    // Heads that are not, on every chain there is.
    private void Promise(HostileChannel channel)
    {
        var devices = channel.Writer.Log.Entries.Select(entry => entry.Header.Device).Distinct();
        var frontier = Frontier.From([.. devices.Select(device => new FrontierHead(device, (ulong)Draw(0, 300), AnyId()))]);
        channel.Send(HostileChannel.FrontierType, frontier.Encode());
    }

    private void StopWithin(HostileChannel channel)
    {
        Promise(channel);
        channel.Link.SilentAfter = (int)Draw(0, 200);
        channel.Send(HostileChannel.SegmentsType, MemberWriter.Segments(channel.Writer.Sign(channel.Writer.Say("half of th"))));
    }
}
