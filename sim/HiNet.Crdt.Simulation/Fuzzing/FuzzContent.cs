using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>What content entries that are written by hand say, at and beyond the bounds of what people can say.</summary>
internal sealed class FuzzContent(FuzzScene scene, FuzzPool pool)
{
    private static readonly string[] s_emojis = ["+1", "heart", string.Empty, new string('e', Limits.EmojiBytes), new string('e', Limits.EmojiBytes + 1), "\u0000", "\uD83D\uDE00"];
    private static readonly int[] s_lengths = [4, 0, 1, 200, EntryLimits.MaxTextBytes, EntryLimits.MaxTextBytes + 1];

    public (uint Kind, IMessage Body) Write(FuzzOperation operation) => operation.Kind switch
    {
        FuzzKind.Edit => (EntryKind.Edit, new EditBody { Target = Target(operation), Text = Text(operation) }),
        FuzzKind.Reaction => (EntryKind.Reaction, new ReactionBody { Target = Target(operation), Emoji = s_emojis[operation.Size % s_emojis.Length], Remove = operation.Size % 4 == 3 }),
        FuzzKind.Receipt => (EntryKind.Receipt, Receipt(operation)),
        FuzzKind.Invitation => (EntryKind.GroupInvitation, Invitation(operation)),
        FuzzKind.UnknownContent => (operation.Size % 2 == 0 ? EntryKind.GroupInvitation + 1 : uint.MaxValue, new MessageBody { Text = Text(operation) }),
        _ => (EntryKind.Message, new MessageBody { Text = Text(operation), ReplyTo = operation.Target % 3 == 0 ? ByteString.Empty : Target(operation) }),
    };

    private static string Text(FuzzOperation operation)
    {
        var length = s_lengths[operation.Size % s_lengths.Length];
        return length == 4 ? $"t{operation.Target}" : new string((char)('a' + (operation.Target % 26)), length);
    }

    /// <summary>Mostly an entry, of whatever kind; sometimes one that never was, or bytes that are no id.</summary>
    private ByteString Target(FuzzOperation operation)
    {
        if (operation.Target % 16 == 14)
        {
            return ByteString.CopyFrom(new byte[31]);
        }

        var target = operation.Target % 16 == 15 ? null
            : operation.Target % 4 == 1 ? pool.Pick(operation.Target / 16, static _ => true)
            : pool.Pick(operation.Target / 16, static entry => entry.Header.Kind == EntryKind.Message);
        return target is null ? ByteString.CopyFrom(Enumerable.Repeat((byte)(operation.Target + 1), Bytes32.Size).ToArray()) : ByteString.CopyFrom(target.Id.ToArray());
    }

    private ReceiptBody Receipt(FuzzOperation operation)
    {
        var body = new ReceiptBody();
        if (operation.Size % 3 != 1)
        {
            body.ReadUpTo = Target(operation);
        }

        for (var i = 0; i < operation.Size % 5; i++)
        {
            var device = scene.Devices[(operation.Target + i) % scene.Devices.Count].Device.ToArray();
            body.Delivered.Add(new DeliveredMark
            {
                Device = ByteString.CopyFrom(operation.Size % 7 == 6 ? new byte[33] : device),
                Seq = ((operation.Target + i) % 4) switch
                {
                    0 => ulong.MaxValue,
                    1 => (ulong)long.MaxValue + 1,
                    _ => (ulong)(operation.Size % 9),
                },
            });
        }

        return body;
    }

    private GroupInvitationBody Invitation(FuzzOperation operation)
    {
        var body = new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(new byte[operation.Size % 5 == 4 ? 7 : Bytes32.Size]),
            ControlKey = ByteString.CopyFrom(new byte[operation.Size % 7 == 6 ? 0 : Bytes32.Size]),
            Name = new string('n', operation.Size % 200),
            Grant = Target(operation),
        };
        for (var i = 0; i < operation.Size % 4; i++)
        {
            body.Epochs.Add(new EpochSecretBody { Epoch = Target(operation with { Target = operation.Target + i }), Secret = ByteString.CopyFrom(new byte[Bytes32.Size - (i % 2)]) });
        }

        return body;
    }
}
