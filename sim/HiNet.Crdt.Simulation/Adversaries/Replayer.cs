using Google.Protobuf;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Pulls everything that its victims have, keeps it, and sends it again: the same messages many times, old ones too, those of one
/// conversation on another one's channel, and the raw bytes of one link on another. The engine survives because an entry is known
/// by its id, because proofs and streams belong to one handshake, and because what was said of a frontier only makes it compare.
/// </summary>
internal sealed class Replayer(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const int MostKept = 200;

    private readonly List<(int Type, byte[] Payload)> _kept = [];
    private readonly List<byte[]> _raw = [];

    public override void Heard(HostileChannel channel, int type, byte[] payload)
    {
        if (type != HostileChannel.ProveType && _kept.Count < MostKept)
        {
            _kept.Add((type, payload));
        }
    }

    protected override void Attack(AdversaryMachine machine)
    {
        if (Victim() is not { } victim || AnyConversation() is not { } writer)
        {
            return;
        }

        switch (_kept.Count < 5 ? 0 : Draw(0, 3))
        {
            case 0:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], PullAll)
                {
                    Leaves = machine.Now + TimeSpan.FromSeconds(5),
                    Heard = _raw.Count < MostKept ? _raw : null,
                });
                break;
            case 1 or 2:
                Visit(machine, victim, writer, SayAgain);
                break;
            default:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], Rewind) { Leaves = machine.Now + TimeSpan.FromSeconds(5) });
                break;
        }
    }

    private static void PullAll(HostileChannel channel) => channel.Send(HostileChannel.PullType, new Pull().ToByteArray());

    private void SayAgain(HostileChannel channel)
    {
        var times = Draw(5, 40);
        for (var i = 0; i < times; i++)
        {
            var (type, payload) = _kept[(int)Draw(0, _kept.Count - 1)];
            channel.Send(type, payload);
        }

        for (var i = Draw(0, 5); i > 0; i--)
        {
            PullAll(channel);
        }
    }

    private void Rewind(HostileChannel channel)
    {
        if (_raw.Count > 0)
        {
            channel.Link.SendRaw(_raw[(int)Draw(0, _raw.Count - 1)]);
        }
    }
}
