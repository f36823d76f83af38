using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>Bytes of control bodies, whole or changed, into their parser.</summary>
internal static class FuzzBytes
{
    /// <summary>Whether the parser takes it for a body; whatever it says, it must say so without an exception.</summary>
    public static bool Parse(FuzzOperation operation, IReadOnlyList<FuzzDevice> devices)
    {
        var device = devices[operation.Who % devices.Count];
        var card = ByteString.CopyFrom(device.Card().Encode());
        (uint Kind, IMessage Body)[] bodies =
        [
            (EntryKind.Introduce, new IntroduceBody { Cards = { card, card } }),
            (EntryKind.SetRole, new SetRoleBody { Identity = ByteString.CopyFrom(device.Identity.ToArray()), Role = (uint)(operation.Target % 8), Cards = { card } }),
            (EntryKind.Genesis, new GenesisBody { Name = "g", Members = { new GenesisMember { Identity = ByteString.CopyFrom(device.Identity.ToArray()), Role = (uint)(operation.Target % 8), Cards = { card } } } }),
            (EntryKind.Epoch, new EpochBody { Ephemeral = ByteString.CopyFrom(new byte[32]), Supersedes = { new EpochLinkBody { Epoch = ByteString.CopyFrom(new byte[32]) } } }),
            (EntryKind.Delete, new DeleteBody { Targets = { ByteString.CopyFrom(new byte[32]) } }),
            (EntryKind.EquivocationReport, new EquivocationReportBody { Proof = card }),
            (EntryKind.Merge, new MessageBody()),
        ];
        var (kind, body) = bodies[operation.Target % bodies.Length];
        var bytes = body.ToByteArray();
        for (var i = 0; i < operation.Size % 4 && bytes.Length > 0; i++)
        {
            var draw = Kernel.KeyedRandom.Mix(((ulong)operation.Target << 32) | ((ulong)operation.Size << 8) | (uint)i);
            var at = (int)(draw % (ulong)bytes.Length);
            switch (draw >> 32 & 3)
            {
                case 0:
                    bytes = bytes[..at];
                    break;
                case 1:
                    bytes = [.. bytes[..at], .. bytes[(at / 2)..]];
                    break;
                default:
                    bytes[at] ^= (byte)(1 << (int)(draw >> 40 & 7));
                    break;
            }
        }

        return ControlBody.Parse(operation.Size % 5 == 4 ? EntryKind.Introduce : kind, bytes) is not null;
    }
}
