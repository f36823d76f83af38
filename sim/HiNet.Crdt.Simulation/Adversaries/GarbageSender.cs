using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Random bytes at every layer: in place of a handshake, behind one, within the secret stream, in channels' openings, and as
/// every type of message. The engine survives because what it cannot read ends a channel or a link, with a reason and without an
/// exception, and because nothing is allocated for a length that is only claimed.
/// </summary>
internal sealed class GarbageSender(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    protected override void Attack(AdversaryMachine machine)
    {
        if (Victim() is not { } victim)
        {
            return;
        }

        var leaves = machine.Now + TimeSpan.FromSeconds(Draw(1, 20));
        switch (Draw(0, 5))
        {
            case 0:
                machine.Dial(victim, id => new MuteLink(machine, id, Some()) { Leaves = leaves });
                break;
            case 1:
                machine.Dial(victim, id => new MuteLink(machine, id, StreamLink.Frame(Bytes(32))) { Leaves = leaves });
                break;
            case 2:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [], null, link => link.SendRaw(Some())) { Leaves = leaves });
                break;
            case 3:
                machine.Dial(victim, id => new StreamLink(machine, id, Cryptography, FreshKeys(), _ => Plaintexts()) { Leaves = leaves });
                break;
            case 4:
                machine.Dial(victim, id => new ChannelLink(machine, id, this, [], null, OpenSome) { Leaves = leaves });
                break;
            default:
                if (AnyConversation() is { } writer)
                {
                    Visit(machine, victim, writer, InChannel);
                }

                break;
        }
    }

    private byte[] Some() => Bytes((int)Draw(1, IsOn() ? 64 : 4_000));

    private List<byte[]> Plaintexts()
    {
        List<byte[]> plaintexts = [];
        for (var i = Draw(1, 5); i > 0; i--)
        {
            var plaintext = Some();

            // Control messages and batches begin with zeroes; random bytes alone would hardly ever reach what is behind them.
            plaintext.AsSpan(0, Math.Min(plaintext.Length, (int)Draw(0, 2))).Clear();
            plaintexts.Add(plaintext);
        }

        return plaintexts;
    }

    private void OpenSome(ChannelLink link)
    {
        link.OpenAny("hinet/conversation/1", Bytes(32), Some());
        link.OpenAny("hinet/invite/1", Bytes((int)Draw(0, 64)), Some());
        link.OpenAny("nobody knows this", Bytes((int)Draw(0, 200)), Some());
    }

    private void InChannel(HostileChannel channel)
    {
        for (var i = Draw(1, 5); i > 0; i--)
        {
            channel.Send((int)Draw(0, 8), Some());
        }
    }
}
