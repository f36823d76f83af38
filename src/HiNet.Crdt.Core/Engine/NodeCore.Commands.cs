using System.Text;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private void Execute(long command, NodeCommand operation)
    {
        if (_problem is not null || _isStopped)
        {
            _effects.Add(new NodeEffect.Complete(command, _problem is not null
                ? new NodeResult.Refused(_problem)
                : new NodeResult.Stopped("The node is stopped: start it again.")));
            return;
        }

        if (operation is NodeCommand.UseDht use)
        {
            UseDht(command, use.Operation);
            return;
        }

        if (operation is NodeCommand.ListLinks)
        {
            _effects.Add(new NodeEffect.Complete(command, new NodeResult.Linked(LinksUp())));
            return;
        }

        NodeResult result = new NodeResult.Refused("What others have written in this conversation leaves no room for this: ask in another one.");
        TryWrite(() => result = Execute(operation));
        if (result is NodeResult.Refused)
        {
            _effects.Add(new NodeEffect.Complete(command, result));
        }
        else
        {
            WhenDurable(new NodeEffect.Complete(command, result));
        }
    }

    /// <summary>What others have written must stop nobody's node: what they would refuse is not written, and everything else goes on.</summary>
    private void TryWrite(Action write)
    {
        try
        {
            write();
        }
        catch (EntryRefusedException)
        {
            _services.Marks.Hit("append.refused");
            _effects.Add(new NodeEffect.Count("hinet.append.refused", 1));
        }
    }

    private NodeResult Execute(NodeCommand operation) => operation switch
    {
        NodeCommand.SendText send => In(send.Conversation, replica => SendText(replica, send)),
        NodeCommand.Edit edit => In(edit.Conversation, replica => Edit(replica, edit)),
        NodeCommand.Delete delete => In(delete.Conversation, replica => Delete(replica, delete)),
        NodeCommand.React react => In(react.Conversation, replica => React(replica, react)),
        NodeCommand.MarkRead read => In(read.Conversation, replica => MarkRead(replica, read)),
        NodeCommand.CreateInvite invite => CreateInvite(invite),
        NodeCommand.AddContact add => AddContact(add),
        NodeCommand.OpenDirect direct => OpenDirect(direct),
        NodeCommand.CreateGroup create => CreateGroup(create),
        NodeCommand.AddMember add => In(add.Conversation, replica => AddMember(replica, add)),
        NodeCommand.Leave leave => In(leave.Conversation, Leave, Role.Reader),
        NodeCommand.AcceptInvitation accept => AcceptInvitation(accept.Group),
        NodeCommand.DeclineInvitation decline => DeclineInvitation(decline.Group),
        NodeCommand.KeepLinked keep => KeepLinked(keep),
        NodeCommand.Stop => Stop(),
        _ => throw new ArgumentException($"{operation?.GetType().Name ?? "null"} is no command.", nameof(operation)),
    };

    private NodeResult In(ConversationId conversation, Func<Replica, NodeResult> operation, Role least = Role.Member)
    {
        if (!_replicas.TryGetValue(conversation, out var replica))
        {
            return new NodeResult.Refused("This node holds no such conversation: list them to see which it holds.");
        }

        if (replica.Description.Kind == ConversationKind.Group && replica.Authority.RoleOf(_services.Identity) is var role && role < least)
        {
            return new NodeResult.Refused(role == Role.Reader ? "You are not a member of this group, only a reader of it: ask an admin to add you."
                : replica.EntryCount == 0
                ? "This group's history has not arrived yet: link to one of its members first."
                : "You are not a member of this group (any more): ask an admin to add you.");
        }

        return BehindProblem(replica) is { } problem ? new NodeResult.Refused(problem) : operation(replica);
    }

    private string? BehindProblem(Replica replica) =>
        replica.IsBehindItself(_now)
            ? "This device's own newer entries are still on their way from a peer, as after a restore of an older copy: try again in a few seconds."
        : replica.HasNoPlaceForThisDevice
            ? $"This conversation has no place for this device: it takes {AuthorityState.AuthorizedDevicesOfOnePerson} of a person, and {AuthorityState.AuthorizedDevicesInAll:N0} in all. Write from one that has a place."
        : null;

    private NodeResult SendText(Replica replica, NodeCommand.SendText command)
    {
        if (TextProblem(command.Text) is { } problem)
        {
            return new NodeResult.Refused(problem);
        }

        var body = new MessageBody { Text = command.Text };
        if (command.ReplyTo is { } target)
        {
            if (replica.FindInfo(target) is not { Kind: EntryKind.Message })
            {
                return NoSuchMessage();
            }

            body.ReplyTo = Google.Protobuf.ByteString.CopyFrom(target.ToArray());
        }

        return Written(replica.AppendContent(EntryKind.Message, body, _now));
    }

    private NodeResult Edit(Replica replica, NodeCommand.Edit command)
    {
        if ((TextProblem(command.Text) ?? OwnMessageProblem(replica, command.Message, "edit")) is { } problem)
        {
            return new NodeResult.Refused(problem);
        }

        if (replica.IsDeleted(command.Message))
        {
            return new NodeResult.Refused("This message was deleted: write a new one.");
        }

        return Written(replica.AppendContent(
            EntryKind.Edit,
            new EditBody { Target = Google.Protobuf.ByteString.CopyFrom(command.Message.ToArray()), Text = command.Text },
            _now));
    }

    private NodeResult Delete(Replica replica, NodeCommand.Delete command)
    {
        if (OwnMessageProblem(replica, command.Message, "delete") is { } problem)
        {
            return new NodeResult.Refused(problem);
        }

        var body = new DeleteBody();
        body.Targets.Add(Google.Protobuf.ByteString.CopyFrom(command.Message.ToArray()));
        return Written(replica.AppendControl(EntryKind.Delete, body, _now));
    }

    private NodeResult React(Replica replica, NodeCommand.React command)
    {
        if (replica.FindInfo(command.Message) is not { Kind: EntryKind.Message })
        {
            return NoSuchMessage();
        }

        if (Utf8Length(command.Emoji) is not (> 0 and <= Limits.EmojiBytes))
        {
            _services.Marks.Hit("bound.reaction");
            return new NodeResult.Refused($"A reaction is 1 to {Limits.EmojiBytes} bytes of UTF-8: use a single emoji.");
        }

        var body = new ReactionBody
        {
            Target = Google.Protobuf.ByteString.CopyFrom(command.Message.ToArray()),
            Emoji = command.Emoji,
            Remove = command.Remove,
        };
        return Written(replica.AppendContent(EntryKind.Reaction, body, _now));
    }

    private NodeResult MarkRead(Replica replica, NodeCommand.MarkRead command) =>
        replica.FindInfo(command.Message) is { Kind: EntryKind.Message }
            ? Written(replica.AppendReceipt(command.Message, _now))
            : NoSuchMessage();

    private NodeResult KeepLinked(NodeCommand.KeepLinked command)
    {
        _keptLinked.Add(command.Address);
        _dials.Keep(command.Address, _now);
        return new NodeResult.Done();
    }

    private NodeResult Stop()
    {
        CloseAllLinks("the node stops");
        GiveDht(new DhtInput.Stopping());
        _isStopped = true;
        return new NodeResult.Done();
    }

    private static NodeResult Written(EntryId entry) => new NodeResult.Written(entry, MessageState.Stored);

    private static NodeResult NoSuchMessage() =>
        new NodeResult.Refused("There is no such message in this conversation: look up its id in the history.");

    private string? OwnMessageProblem(Replica replica, EntryId message, string verb)
    {
        if (replica.FindInfo(message) is not { Kind: EntryKind.Message } info)
        {
            return ((NodeResult.Refused)NoSuchMessage()).Problem;
        }

        return replica.AuthorOf(info) == _services.Identity ? null : $"You can only {verb} your own messages.";
    }

    private string? TextProblem(string text)
    {
        var length = Utf8Length(text);
        if (length > EntryLimits.MaxTextBytes)
        {
            _services.Marks.Hit("bound.text");
        }

        return length switch
        {
            null => "The text is not valid Unicode: it has half of a surrogate pair.",
            0 => "The text is empty: write at least one character.",
            > EntryLimits.MaxTextBytes => $"The text is longer than {EntryLimits.MaxTextBytes} bytes of UTF-8: split it into several messages.",
            _ => null,
        };
    }

    private static int? Utf8Length(string text)
    {
        try
        {
            return StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }
}
