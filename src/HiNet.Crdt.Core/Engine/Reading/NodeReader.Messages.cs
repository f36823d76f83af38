using System.Buffers.Binary;
using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Reading;

public sealed partial class NodeReader
{
    private const int UnreadBound = 1_000;

    /// <summary>The newest messages before one (or of all), in conversation order, oldest first: one walk over a range of keys.</summary>
    public IReadOnlyList<Message> Page(ConversationId conversation, int limit, EntryId? before)
    {
        if (Describe(conversation) is not { } description)
        {
            return [];
        }

        var view = Open(description);
        var start = NumberKey(description.Number);
        var until = StoreKeys.After(start);
        if (before is { } id)
        {
            if (view.Find(id) is not { } bound)
            {
                return [];
            }

            until = StoreKeys.Timeline(description.Number, bound.Header.Hlc, id);
        }

        var messages = new List<Message>();
        using var iterator = _store.Scan(ColumnFamily.Timeline, start, until, reverse: true);
        while (messages.Count < limit && iterator.MoveNext())
        {
            if (view.Read(EntryPlace.Decode(iterator.Value).Arrival) is { } entry)
            {
                messages.Add(MessageOf(view, entry));
            }
        }

        messages.Reverse();
        return messages;
    }

    /// <summary>One message, or null.</summary>
    public Message? Find(ConversationId conversation, EntryId message) =>
        Describe(conversation) is { } description
        && Open(description) is var view
        && view.Find(message) is { } entry
        && (entry.Header.Kind == EntryKind.Message || !EntryKind.IsKnown(entry.Header.Kind))
            ? MessageOf(view, entry)
            : null;

    private Message MessageOf(ConversationView view, StoredEntry entry)
    {
        var author = view.OwnerOf(entry.Header.Device);
        var isDeleted = (entry.Flags & EntryFlags.Deleted) != 0;
        var body = entry.Header.Kind == EntryKind.Message ? Parse(MessageBody.Parser, view.OpenBody(entry)) : null;
        var edited = isDeleted ? null : NewestEdit(view, entry.Id, author);
        var receipts = ReceiptsOf(view, entry, author);
        return new Message
        {
            Id = entry.Id,
            Author = view.PersonOf(author),
            Device = entry.Header.Device,
            Time = entry.Header.Hlc.ToDateTime(),
            Text = isDeleted ? null : edited ?? body?.Text,
            IsEdited = edited is not null,
            IsDeleted = isDeleted,
            IsLate = (entry.Flags & EntryFlags.Late) != 0,
            IsUnsupported = !ConversationView.IsSupported(entry.Header),
            ReplyTo = body is { ReplyTo.Length: Bytes32.Size } ? new EntryId(body.ReplyTo.Span) : null,
            Reactions = isDeleted ? [] : ReactionsOf(view, entry.Id),
            Receipts = receipts,
            State = StateOf(receipts),
        };
    }

    private static MessageState StateOf(IReadOnlyList<Receipt> receipts)
    {
        if (receipts.Count == 0 || receipts.Any(receipt => !receipt.Delivered))
        {
            return MessageState.Stored;
        }

        return receipts.All(receipt => receipt.Read) ? MessageState.Read : MessageState.Delivered;
    }

    private static IReadOnlyList<Receipt> ReceiptsOf(ConversationView view, StoredEntry entry, IdentityId author)
    {
        var receipts = new List<Receipt>();
        foreach (var member in view.Members)
        {
            var identity = new IdentityId(member.Identity.Span);
            if (identity == author)
            {
                continue;
            }

            var state = view.Receipts.GetValueOrDefault(identity);
            var isRead = state is not null && state.HasRead(entry.Header.Hlc, entry.Id);
            var isDelivered = isRead
                || identity == view.Self
                || (state is not null && state.HasReceived(entry.Header.Device, entry.Header.Seq));
            receipts.Add(new Receipt(identity, isDelivered, isRead));
        }

        return receipts;
    }

    /// <summary>The text of the edit by the message's author that is last in conversation order and still there.</summary>
    private string? NewestEdit(ConversationView view, EntryId message, IdentityId author)
    {
        var prefix = StoreKeys.Relations(message, 'e');
        using var iterator = _store.Scan(ColumnFamily.Relations, prefix, StoreKeys.After(prefix), reverse: true);
        while (iterator.MoveNext())
        {
            if (new IdentityId(iterator.Value[12..]) == author
                && view.ReadRelated(iterator.Value) is { } entry
                && Parse(EditBody.Parser, view.OpenBody(entry)) is { } edit)
            {
                return edit.Text;
            }
        }

        return null;
    }

    /// <summary>Of the newest ones, for each person and emoji the last word counts, up to a number of emojis that one person has on a message.</summary>
    private IReadOnlyList<Reaction> ReactionsOf(ConversationView view, EntryId message)
    {
        var standing = new StandingReactions();
        foreach (var row in NewestReactions.Of(_store, view.Number, message))
        {
            var by = new IdentityId(row.AsSpan(12));
            if (view.ReadRelated(row) is { } entry
                && Parse(ReactionBody.Parser, view.OpenBody(entry)) is { Emoji.Length: > 0 } reaction)
            {
                standing.Apply(by, reaction.Emoji, reaction.Remove);
            }
        }

        return [.. standing.ByEmoji().Select(reaction => new Reaction(reaction.Emoji, [.. reaction.By.Select(view.PersonOf)]))];
    }

    private int Unread(ConversationView view)
    {
        var state = view.Receipts.GetValueOrDefault(view.Self);
        var start = NumberKey(view.Number);
        var unread = 0;
        using var iterator = _store.Scan(ColumnFamily.Timeline, start, StoreKeys.After(start), reverse: true);
        for (var i = 0; i < UnreadBound && iterator.MoveNext(); i++)
        {
            var hlc = new HybridTimestamp(BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[4..]));
            if (state is not null && state.HasRead(hlc, new EntryId(iterator.Key[12..])))
            {
                break;
            }

            if (view.Read(EntryPlace.Decode(iterator.Value).Arrival) is { } entry && view.OwnerOf(entry.Header.Device) != view.Self)
            {
                unread++;
            }
        }

        return unread;
    }

    private (HybridTimestamp Hlc, EntryId Id)? LastMessage(uint number)
    {
        var start = NumberKey(number);
        using var iterator = _store.Scan(ColumnFamily.Timeline, start, StoreKeys.After(start), reverse: true);
        return iterator.MoveNext()
            ? (new HybridTimestamp(BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[4..])), new EntryId(iterator.Key[12..]))
            : null;
    }

    private static byte[] NumberKey(uint number)
    {
        var key = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(key, number);
        return key;
    }

    /// <summary>A member's bytes of no meaning are nothing to show.</summary>
    private static T? Parse<T>(MessageParser<T> parser, byte[]? plaintext)
        where T : class, IMessage<T>
    {
        if (plaintext is null)
        {
            return null;
        }

        try
        {
            return parser.ParseFrom(plaintext);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
