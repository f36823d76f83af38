using System.Buffers.Binary;
using System.Text;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Reading;

public sealed partial class NodeReader
{
    /// <summary>
    /// What happened behind a cursor, in order: at most <paramref name="limit"/>, and none only when nothing more has happened.
    /// Each place brings one event or none, so a cursor never stands between two events of one place. An entry is told of where
    /// it arrived, or, when the secret that opens it came later, at a place of its own behind that.
    /// </summary>
    public IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit)
    {
        var events = new List<ConversationEvent>();
        if (Describe(conversation) is not { } description)
        {
            return events;
        }

        // In this order: whatever was revealed ahead of an arrival that is seen here is then seen, too, and who wrote it.
        var position = after.Position;
        var arrivals = position - RevealedUpTo(description.Number, position);
        using var entries = _store.Scan(
            ColumnFamily.Entries,
            StoreKeys.Entry(description.Number, arrivals + 1),
            StoreKeys.After(NumberKey(description.Number)));
        using var revealed = _store.Scan(
            ColumnFamily.Parked,
            StoreKeys.Revealed(description.Number, position + 1),
            StoreKeys.After(StoreKeys.Tagged('v', description.Number)));
        var view = Open(description);
        var isRevealed = revealed.MoveNext();
        while (events.Count < limit)
        {
            ConversationEvent? happened;
            if (isRevealed && BinaryPrimitives.ReadUInt64BigEndian(revealed.Key[5..]) == position + 1)
            {
                position++;
                happened = view.Read(RevealedPlace.Decode(revealed.Value).Arrival) is { } entry ? EventOf(view, entry, new EventCursor(position)) : null;
                isRevealed = revealed.MoveNext();
            }
            else if (entries.MoveNext())
            {
                position++;
                var entry = view.Decode(BinaryPrimitives.ReadUInt64BigEndian(entries.Key[4..]), entries.Value);
                happened = (entry.Flags & EntryFlags.Awaited) == 0 ? EventOf(view, entry, new EventCursor(position)) : null;
            }
            else
            {
                break;
            }

            if (happened is not null)
            {
                events.Add(happened);
            }
        }

        return events;
    }

    /// <summary>How many places up to one belong to no arrival.</summary>
    private ulong RevealedUpTo(uint number, ulong position)
    {
        using var iterator = _store.Scan(
            ColumnFamily.Parked, StoreKeys.Tagged('v', number), StoreKeys.Revealed(number, position + 1), reverse: true);
        return iterator.MoveNext() ? RevealedPlace.Decode(iterator.Value).Count : 0;
    }

    private ConversationEvent? EventOf(ConversationView view, StoredEntry entry, EventCursor cursor)
    {
        var id = view.Description.Id;
        var time = entry.Header.Hlc.ToDateTime();
        var author = view.AuthorOf(entry.Header);
        if (!ConversationView.IsSupported(entry.Header))
        {
            return new UnsupportedEntryAdded(id, cursor, time, author, entry.Id, entry.Header.Kind);
        }

        switch (entry.Header.Kind)
        {
            case EntryKind.Message:
                return new MessageAdded(id, cursor, MessageOf(view, entry));
            case EntryKind.Epoch or EntryKind.Merge:
                return null;
            default:
                var plaintext = view.OpenBody(entry);
                return entry.Header.Epoch is null
                    ? ControlEvent(view, entry, plaintext, author, cursor, time)
                    : ContentEvent(view, entry, plaintext, author, cursor, time);
        }
    }

    private static ConversationEvent? ContentEvent(
        ConversationView view, StoredEntry entry, byte[]? plaintext, Person author, EventCursor cursor, DateTimeOffset time)
    {
        var id = view.Description.Id;
        switch (entry.Header.Kind)
        {
            case EntryKind.Edit when Parse(EditBody.Parser, plaintext) is { Target.Length: Bytes32.Size } edit:
                var target = new EntryId(edit.Target.Span);
                return view.Find(target) is { } edited && view.OwnerOf(edited.Header.Device) == author.Id
                    ? new MessageEdited(id, cursor, time, target, author, edit.Text)
                    : null;
            case EntryKind.Reaction when Parse(ReactionBody.Parser, plaintext) is { Target.Length: Bytes32.Size } reaction
                                         && Encoding.UTF8.GetByteCount(reaction.Emoji) <= Limits.EmojiBytes:
                var message = new EntryId(reaction.Target.Span);
                return reaction.Remove
                    ? new ReactionRemoved(id, cursor, time, message, author, reaction.Emoji)
                    : new ReactionAdded(id, cursor, time, message, author, reaction.Emoji);
            case EntryKind.Receipt when Parse(ReceiptBody.Parser, plaintext) is { } receipt:
                return receipt.ReadUpTo.Length == Bytes32.Size
                    ? new MessagesRead(id, cursor, time, author, new EntryId(receipt.ReadUpTo.Span))
                    : new MessagesDelivered(id, cursor, time, author);
            case EntryKind.GroupInvitation when Parse(GroupInvitationBody.Parser, plaintext) is { Group.Length: Bytes32.Size } invitation:
                return new GroupInvitationReceived(
                    id, cursor, time, author, new ConversationId(invitation.Group.Span), GroupName.In(invitation));
            default:
                return null;
        }
    }

    private static ConversationEvent? ControlEvent(
        ConversationView view, StoredEntry entry, byte[]? plaintext, Person author, EventCursor cursor, DateTimeOffset time)
    {
        if (plaintext is null || ControlBody.Parse(entry.Header.Kind, plaintext) is not { } body)
        {
            return null;
        }

        var id = view.Description.Id;
        switch (entry.Header.Kind)
        {
            case EntryKind.Genesis:
                return new GroupCreated(
                    id, cursor, time, author, PersonName.Clean(body.Name, Limits.GroupNameBytes), [.. body.Grants.Select(grant => view.PersonOf(grant.Member))]);
            case EntryKind.Introduce when body.Cards.Count > 0:
                var card = body.Cards[0];
                return new DeviceAdded(id, cursor, time, view.PersonOf(card.Identity), card.Device);
            case EntryKind.SetRole:
                var grant = body.Grants[0];
                var member = view.PersonOf(grant.Member);
                if (grant.Role == Role.None)
                {
                    return new MemberLeft(id, cursor, time, member);
                }

                return body.Cards.Count > 0
                    ? new MemberAdded(id, cursor, time, member, author, grant.Role)
                    : new RoleChanged(id, cursor, time, member, author, grant.Role);
            case EntryKind.Delete:
                return body.DeletedTargets.Where(target => CountsFor(view, target, author)).Cast<EntryId?>().FirstOrDefault() is { } deleted
                    ? new MessageDeleted(id, cursor, time, deleted, author)
                    : null;
            case EntryKind.EquivocationReport when body.Proof is { } proof && (entry.Flags & EntryFlags.Repeated) == 0:
                return Equivocation(view, proof, cursor, time);
            default:
                return null;
        }
    }

    /// <summary>Only its author's deletion counts, whatever others write.</summary>
    private static bool CountsFor(ConversationView view, EntryId target, Person deleter) =>
        view.Find(target) is { } entry
        && (entry.Flags & EntryFlags.Deleted) != 0
        && view.OwnerOf(entry.Header.Device) == deleter.Id;

    private static ConversationEvent? Equivocation(
        ConversationView view, EquivocationProof proof, EventCursor cursor, DateTimeOffset time)
    {
        if (!EntryCodec.TryDecode(proof.First.Headers[0], out var first, out _))
        {
            return null;
        }

        return new EquivocationDetected(
            view.Description.Id, cursor, time, view.AuthorOf(first), first.Device, first.Seq,
            view.IdOf(proof.First.Headers[0].Span), view.IdOf(proof.Second.Headers[0].Span));
    }
}
