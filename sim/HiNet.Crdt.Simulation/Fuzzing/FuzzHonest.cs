using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>What the people of the two honest replicas do, and what these do by themselves. They ask for nothing that a node would refuse them.</summary>
internal sealed class FuzzHonest(FuzzScene scene, FuzzPool pool)
{
    /// <summary>What the operation made its replica write.</summary>
    public IReadOnlyList<FuzzEntry> Act(FuzzOperation operation)
    {
        var replica = operation.Kind == FuzzKind.HonestLeave || operation.Who % 2 == 1 ? scene.Other : scene.Scribe;
        if (MayWrite(replica))
        {
            MustWrite(replica, own => Write(replica, own, operation));
        }

        return Settle(replica, operation);
    }

    /// <summary>As a node asks before it lets its person write.</summary>
    public bool MayWrite(FuzzReplica replica) =>
        (!scene.IsGroup || replica.Replica.Authority.RoleOf(replica.Home.Identity) >= Role.Member)
        && !replica.Replica.IsBehindItself(scene.Now)
        && !replica.Replica.HasNoPlaceForThisDevice;

    /// <summary>
    /// Whoever may write can. With more heads than an entry can name it may rightly be that none of those it names has its right in its past.
    /// </summary>
    public void MustWrite(FuzzReplica replica, Action<Replica> write)
    {
        var heads = replica.Replica.CurrentFrontier().Count;
        var wrote = replica.TryWrite(write);
        FuzzFinding.Require(
            wrote || heads > scene.Options.Bounds.Parents,
            "can-write",
            () => $"{replica.Home.Name} may not write, although their device is a member's and the conversation has {heads} heads");
        scene.Record.Count(wrote ? "appends" : "appendsRefused");
    }

    /// <summary>Forks are reported, what changed is written, and what the replica wrote is there for everyone.</summary>
    public IReadOnlyList<FuzzEntry> Settle(FuzzReplica replica, FuzzOperation? operation)
    {
        if (replica.Replica.HasUnreportedForks)
        {
            replica.TryWrite(own => own.ReportForks(scene.Now));
        }

        replica.Flush();
        List<FuzzEntry> written = [];
        var writer = scene.Devices[replica.Home == scene.Other.Home ? 1 : 0];
        foreach (var entry in replica.TakeWritten())
        {
            var secret = entry.Header.Kind == EntryKind.Epoch ? replica.Replica.SecretOf(entry.Id) : null;
            if (pool.Add(entry, writer, operation, hasBody: true, secret) is { } added)
            {
                written.Add(added);
                if (replica != scene.Scribe)
                {
                    scene.Scribe.Offer(new SignedRun(writer.Device, [entry], writer.Sign(entry.Id)));
                }
            }
        }

        scene.Scribe.Flush();
        return written;
    }

    private void Write(FuzzReplica replica, Replica own, FuzzOperation operation)
    {
        switch (operation.Kind)
        {
            case FuzzKind.HonestMessage:
                own.AppendContent(EntryKind.Message, new MessageBody { Text = $"honest {operation.Target}" }, scene.Now);
                break;
            case FuzzKind.HonestEdit when Message(own, replica.Home.Identity, operation) is { } mine && !own.IsDeleted(mine):
                own.AppendContent(EntryKind.Edit, new EditBody { Target = Bytes(mine), Text = $"edited {operation.Size}" }, scene.Now);
                break;
            case FuzzKind.HonestDelete when Message(own, replica.Home.Identity, operation) is { } mine:
                own.AppendControl(EntryKind.Delete, new DeleteBody { Targets = { Bytes(mine) } }, scene.Now);
                break;
            case FuzzKind.HonestReaction when Message(own, null, operation) is { } any:
                own.AppendContent(EntryKind.Reaction, new ReactionBody { Target = Bytes(any), Emoji = "ok", Remove = operation.Size % 3 == 2 }, scene.Now);
                break;
            case FuzzKind.HonestRead when Message(own, null, operation) is { } any:
                own.AppendReceipt(any, scene.Now);
                break;
            case FuzzKind.HonestReceipt:
                own.Compared(scene.Now);
                scene.Pass(scene.Options.ReceiptDelay);
                if (scene.Now >= own.ReceiptDeadline)
                {
                    own.SendReceipt(scene.Now);
                }

                break;
            case FuzzKind.HonestEpoch when scene.IsGroup && own.Authority.MayWrite(replica.Home.Device):
                own.EnsureEpoch(scene.Now);
                break;
            case FuzzKind.HonestRole when scene.IsGroup:
                Raise(own, replica.Home.Identity, operation);
                break;
            case FuzzKind.HonestLeave when scene.IsGroup:
                own.AppendControl(EntryKind.SetRole, new SetRoleBody { Identity = ByteString.CopyFrom(replica.Home.Identity.ToArray()) }, scene.Now);
                break;
            default:
                break;
        }
    }

    private void Raise(Replica own, IdentityId self, FuzzOperation operation)
    {
        var device = scene.Devices[operation.Target % scene.Devices.Count];
        if (own.Authority.RoleOf(self) < Role.Admin
            || own.Authority.RoleOf(device.Identity) != Role.None
            || (own.Authority.TryGetDevice(device.Device, out var known) && known.Identity != device.Identity))
        {
            return;
        }

        own.AppendControl(
            EntryKind.SetRole,
            new SetRoleBody { Identity = ByteString.CopyFrom(device.Identity.ToArray()), Role = (uint)Role.Member, Cards = { ByteString.CopyFrom(device.Card().Encode()) } },
            scene.Now);
        own.EnsureEpoch(scene.Now);
    }

    private EntryId? Message(Replica own, IdentityId? author, FuzzOperation operation) => pool.Pick(
        operation.Target,
        entry => entry.Header.Kind == EntryKind.Message
            && own.FindInfo(entry.Id) is { } info
            && (author is null || own.AuthorOf(info) == author))?.Id;

    private static ByteString Bytes(EntryId id) => ByteString.CopyFrom(id.ToArray());
}
