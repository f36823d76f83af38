using Google.Protobuf;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Makes epochs that take the place of the one in use and have no box for one of the members, or one with another secret. The engine survives because
/// an epoch says which secret is its own, because whoever does not hold one under which others write asks for it with an epoch of their own, and
/// because those who hold it hand it over with the next one.
/// </summary>
internal sealed class Excluder(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const int MostEpochs = 6;

    private int _epochs;

    protected override void Attack(AdversaryMachine machine)
    {
        if (_epochs >= MostEpochs || Victim() is not { } victim || AnyConversation() is not { } writer || RecipientsOf(writer.Conversation) is not { } devices)
        {
            return;
        }

        var others = Enumerable.Range(0, devices.Count).Where(place => devices[place].Identity != Secrets.Identity).ToList();
        if (others.Count == 0)
        {
            return;
        }

        _epochs++;
        var entry = writer.Write(writer.Draft(EntryKind.Epoch), Without(writer, devices, others[(int)Draw(0, others.Count - 1)]));
        World.Invariants.Intents.Withheld.Add(entry.Id);
        Give(machine, victim, writer, writer.Sign(entry));
    }

    /// <summary>Those for whom an epoch must have a box, in order; null when its engine does not hold the conversation.</summary>
    private IReadOnlyList<DeviceState>? RecipientsOf(ConversationId conversation) =>
        (Home.Core as ISessionHost)?.Replicas.FirstOrDefault(replica => replica.Id == conversation)?.Authority.AuthorizedDevices;

    private EpochBody Without(MemberWriter writer, IReadOnlyList<DeviceState> devices, int excluded)
    {
        var secret = new Bytes32(Bytes(Bytes32.Size));
        IReadOnlyList<Bytes32> leafKeys = [.. devices.Select(device => device.Card.LeafKey)];
        var ephemeral = Bytes(Bytes32.Size);
        var sealedTo = EpochBox.Seal(Cryptography, writer.Conversation, secret, leafKeys, ephemeral);
        var boxes = sealedTo.Boxes.ToArray();
        var wrong = IsOn()
            ? Bytes(EpochBox.Size)
            : EpochBox.Seal(Cryptography, writer.Conversation, new Bytes32(Bytes(Bytes32.Size)), [leafKeys[excluded]], ephemeral).Boxes.ToArray();
        wrong.CopyTo(boxes, excluded * EpochBox.Size);
        return new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(sealedTo.Ephemeral.ToArray()),
            Boxes = ByteString.CopyFrom(boxes),
            Commitment = ByteString.CopyFrom(EpochCommitment.Of(Cryptography, writer.Conversation, secret).ToArray()),
            Supersedes = { LinkTo(writer, secret) },
        };
    }

    private EpochLinkBody LinkTo(MemberWriter writer, Bytes32 secret) => new()
    {
        Epoch = ByteString.CopyFrom(writer.Epoch.ToArray()),
        Sealed = ByteString.CopyFrom(EpochLink.Seal(Cryptography, secret, writer.Epoch, new Bytes32(writer.EpochSecret))),
    };
}
