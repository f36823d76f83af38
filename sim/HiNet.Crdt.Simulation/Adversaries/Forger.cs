using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Entries that nobody may apply: with signatures that do not fit, in the names of other devices, in wrong places of chains and
/// histories, with rights that the member does not have, about messages of others, with bodies that nothing opens. The engine survives because nothing
/// unverified reaches a log, because every claim of a header is checked against its past, and because a bad signature costs the
/// channel that brought it and not the entry that it claims to be about.
/// </summary>
internal sealed class Forger(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private bool _forgesProof;

    public override void Forge(Prove prove)
    {
        if (_forgesProof)
        {
            prove.Signature = ByteString.CopyFrom(Bytes(64));
        }
    }

    protected override void Attack(AdversaryMachine machine)
    {
        if (Victim() is not { } victim || AnyConversation() is not { } writer)
        {
            return;
        }

        _forgesProof = Draw(0, 9) == 0;
        Give(machine, victim, writer, Draw(0, 11) switch
        {
            0 => writer.Sign(writer.Say("badly signed")) with { Signature = Bytes(64) },
            1 => OfAnotherDevice(writer),
            2 => OtherBytesUnderAKnownSignature(writer),
            3 => OnAnothersChain(writer),
            4 => Signed(writer, header => header with { Seq = header.Previous is null ? 0 : header.Seq + 5, Depth = header.Depth + 10 }),
            5 => Signed(writer, header => header with { Depth = header.Depth + (ulong)Draw(1, 1_000_000) }),
            6 => Signed(writer, header => header with { Authority = new Bytes32(Bytes(32)) }),
            7 => Signed(writer, header => header with { Parents = [AnyId()] }),
            8 => Promotion(writer),
            9 => AboutAnothersMessage(writer, EntryKind.Edit),
            10 => AboutAnothersMessage(writer, EntryKind.Delete),
            _ => writer.Sign(writer.WriteSealed(writer.Draft(EntryKind.Delete), Bytes(60))),
        });
    }

    private static SignedRun Signed(MemberWriter writer, Func<EntryHeader, EntryHeader> change) =>
        writer.Sign(writer.Write(change(writer.Draft()), new MessageBody { Text = "out of place" }));

    // In the next place of someone else's chain, under the own signature.
    private SignedRun OfAnotherDevice(MemberWriter writer)
    {
        var last = writer.Log.Entries.LastOrDefault(entry => entry.Header.Device != Home.Device);
        if (last is null)
        {
            return writer.Sign(writer.Say("nobody else is here"));
        }

        var header = writer.Draft() with { Device = last.Header.Device, Seq = last.Header.Seq + 1, Previous = last.Id };
        header = header with { Parents = [.. header.Parents.Where(parent => parent != last.Id)] };
        return writer.Sign(writer.Write(header, new MessageBody { Text = "in another's name" }));
    }

    // A real signature of someone else's, behind an entry that it does not sign.
    private SignedRun OtherBytesUnderAKnownSignature(MemberWriter writer)
    {
        var run = OfAnotherDevice(writer);
        return writer.Log.SignatureOf(run.Device) is { } signature ? run with { Signature = signature } : run;
    }

    // The own device's chain goes on from another device's entry.
    private SignedRun OnAnothersChain(MemberWriter writer)
    {
        var other = writer.Log.Entries.LastOrDefault(entry => entry.Header.Device != Home.Device);
        if (other is null || writer.Head is not { } head)
        {
            return writer.Sign(writer.Say("nobody else is here"));
        }

        var honest = writer.Draft();
        EntryId[] parents = [.. honest.Parents.Where(parent => parent != other.Id).Append(head).Distinct().Order().Take(EntryLimits.MaxParents)];
        var header = honest with { Previous = other.Id, Seq = IsOn() ? other.Header.Seq + 1 : honest.Seq, Parents = parents };
        return header.Depth < header.Seq
            ? writer.Sign(writer.Say("this once honestly"))
            : writer.Sign(writer.Write(header, new MessageBody { Text = "on another's chain" }));
    }

    // Everyone applies it, and it says nothing: only an author's own word counts.
    private SignedRun AboutAnothersMessage(MemberWriter writer, uint kind)
    {
        if (writer.Log.Entries.LastOrDefault(entry => entry.Header.Device != Home.Device && entry.Header.Kind == EntryKind.Message) is not { } other)
        {
            return writer.Sign(writer.Say("nobody else has spoken"));
        }

        var target = ByteString.CopyFrom(other.Id.ToArray());
        IMessage body = kind == EntryKind.Edit ? new EditBody { Target = target, Text = "words put into a mouth" } : new DeleteBody { Targets = { target } };
        return writer.Sign(writer.Write(writer.Draft(kind), body));
    }

    private SignedRun Promotion(MemberWriter writer)
    {
        var body = new SetRoleBody { Identity = ByteString.CopyFrom(Home.Self.Id.ToArray()), Role = 4 };
        return writer.Sign(writer.Write(writer.Draft(EntryKind.SetRole), body));
    }
}
