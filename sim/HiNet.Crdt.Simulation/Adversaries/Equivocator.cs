using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Writes two branches in one place of its device's chain, each with an honest past, and gives each to another node; sometimes
/// one branch is what its engine tells everyone. The engine survives because branches are entries like any others, because
/// frontiers name heads and not heights, and because who sees two branches reports them with a proof that everyone can check.
/// </summary>
internal sealed class Equivocator(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const int MostForks = 6;

    private int _forks;

    protected override void Attack(AdversaryMachine machine)
    {
        if (_forks >= MostForks || Victim() is not { } left || AnyConversation() is not { } writer)
        {
            return;
        }

        _forks++;
        var right = Victim(butNot: left) ?? left;
        var start = StartOf(writer);
        var first = Branch(writer, start, "left");
        Give(machine, left, writer, first);

        // What the engine has written since the start is the other branch then.
        if (writer.Own.Count == 0 || start == writer.Own[^1] || IsOn())
        {
            Give(machine, right, writer, Branch(writer, start, "right"));
        }
    }

    private EntryId? StartOf(MemberWriter writer) => writer.Own.Count switch
    {
        0 => null,
        1 => writer.Own[0],
        _ => writer.Own[^(int)Draw(1, Math.Min(writer.Own.Count, 3))],
    };

    private SignedRun Branch(MemberWriter writer, EntryId? start, string name)
    {
        writer.Head = start;
        List<Entry> entries = [];
        var length = Draw(1, 3);
        for (var i = 0; i < length; i++)
        {
            var header = writer.Draft(EntryKind.Message, start is null && i == 0 ? [writer.Log.Entries[0].Id] : []);
            entries.Add(writer.Write(header, new MessageBody { Text = $"{name} branch {_forks}.{i}" }));
            if (SegmentRule.MustSign(header.Seq))
            {
                break;
            }
        }

        return writer.Sign([.. entries]);
    }
}
