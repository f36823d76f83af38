using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Writes entries with times that nobody's clock shows for long, up to the last one there is and the last one that an entry may have, and tells its peers a wrong time
/// on as many links as it can, with an entry that fits it. The engine survives because entries from the future wait unapplied, unseen by the clocks of
/// what is written meanwhile, in a list with a bound; and because a clock is corrected by the median of people, not of links.
/// </summary>
internal sealed class ClockPoisoner(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const long LastMillisecond = (1L << 48) - 1;
    private const int Liars = 5;

    /// <summary>Nobody lets others' clocks move their own by more.</summary>
    private const long MostBelieved = 86_400_000;

    private long _lie;

    public override long ClaimedClock() => Math.Clamp(WallClock + _lie, 0, LastMillisecond);

    protected override void Attack(AdversaryMachine machine)
    {
        if (Victim() is not { } victim || AnyConversation() is not { } writer)
        {
            return;
        }

        _lie = Draw(0, 3) switch { 0 => 3_600_000, 1 => -3_600_000, 2 => 86_400_000L * 365_000, _ => 0 };
        if (Draw(0, 2) == 0)
        {
            for (var i = 1; i < Liars; i++)
            {
                Visit(machine, victim, writer, static _ => { }, seconds: 20);
            }

            Visit(machine, victim, writer, WriteByTheLie, seconds: 20);
            return;
        }

        var ahead = Draw(0, 4) switch
        {
            0 => 0x7FFF_FFFF_FFFFL,
            1 => 400_000L,
            2 => 86_400_000L,
            3 => 280_000L,
            _ => 1L << 44,
        };
        Give(machine, victim, writer, FromTheFuture(writer, ahead));
    }

    /// <summary>Whoever believes the clocks that were told before takes this for an entry of now.</summary>
    private void WriteByTheLie(HostileChannel channel)
    {
        if (_lie > 0)
        {
            var run = FromTheFuture(channel.Writer, Math.Min(_lie, MostBelieved));
            channel.Send(HostileChannel.SegmentsType, MemberWriter.Segments(run));
        }
    }

    private SignedRun FromTheFuture(MemberWriter writer, long ahead)
    {
        var header = writer.Draft();
        var time = ahead == 0x7FFF_FFFF_FFFFL
            ? Draw(0, 1) == 0 ? new HybridTimestamp(ulong.MaxValue) : HybridTimestamp.Last
            : HybridTimestamp.FromMilliseconds(WallClock + ahead);
        var entry = writer.Write(header with { Hlc = time > header.Hlc ? time : header.Hlc }, new MessageBody { Text = "from tomorrow" });
        return writer.Sign(entry);
    }
}
