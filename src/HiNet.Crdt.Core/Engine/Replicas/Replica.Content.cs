using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private ulong _lastMessageHlc;

    /// <summary>Places in the order of events that belong to no arrival, one for each entry that became readable later; never decreases.</summary>
    private ulong _revealed;

    /// <summary>The last place in the order of events that is durable; never decreases.</summary>
    private EventCursor _durableCursor;

    /// <summary>Whether an entry comes ahead of its body, or of the secret that opens it, so that nobody can be told of it yet.</summary>
    private bool IsAwaited(Entry entry) =>
        EntryKind.IsKnown(entry.Header.Kind)
        && !_services.Has(PlantedBug.AwaitedToldAtOnce)
        && entry.Header.Suite == EntryHeader.CurrentSuite
        && entry.Header.Epoch is { } epoch
        && (entry.Body is null || SecretOf(epoch) is null);

    private void CommitContent(Entry entry, EntryInfo info, IdentityId author, Instant now)
    {
        var header = entry.Header;
        if (entry.Body is null)
        {
            Absent.Add(_devices[info.Device].Number, IsShown(header.Kind), info);
        }

        if (IsShown(header.Kind))
        {
            _services.Store.Put(
                ColumnFamily.Timeline, StoreKeys.Timeline(Number, info.Hlc, info.Id), EntryPlace.Encode(Number, info.Arrival));
            _lastMessageHlc = Math.Max(_lastMessageHlc, info.Hlc.Value);
            if (author != _services.Identity)
            {
                AcknowledgeLater(_devices[info.Device], info.Seq, now);
            }

            if (!Description.IsVisible)
            {
                Show();
            }
        }

        if (IsShown(header.Kind))
        {
            ApplyAwaitedDeletion(info, author);
        }

        if (entry.Body is not null && !ReadContent(entry, info, author))
        {
            AskLater(now);
        }
    }

    /// <summary>What an applied entry says, now that its body is here, goes into the indexes. False while the secret is missing that opens it.</summary>
    private bool ReadContent(Entry entry, EntryInfo info, IdentityId author)
    {
        var header = entry.Header;
        if (SecretOf(header.Epoch!.Value) is not { } secret)
        {
            _services.Marks.Hit("content.unreadable");
            _services.Store.Put(
                ColumnFamily.Parked, StoreKeys.Unreadable(Number, header.Epoch.Value, info.Arrival), []);
            NoteUnread(header.Epoch.Value);
            return false;
        }

        // A message's text is only wanted by readers; opening it here would cost every receiver time for nothing.
        if (header.Kind != EntryKind.Message
            && header.Suite == EntryHeader.CurrentSuite
            && BodyCipher.TryOpen(_services.Cryptography, secret, entry.Prefix, entry.Body!.Value.Span, out var plaintext))
        {
            IndexContent(header.Kind, info, author, plaintext!);
        }

        return true;
    }

    /// <summary>Whether an entry of this kind has a place in the timeline.</summary>
    private static bool IsShown(uint kind) => kind == EntryKind.Message || !EntryKind.IsKnown(kind);

    /// <summary>Epochs can come after what they open: then it is indexed now.</summary>
    private void IndexUnreadable(EntryId epoch, byte[] secret)
    {
        var prefix = StoreKeys.Tagged('u', Number, epoch.Value);
        var arrivals = new List<(byte[] Key, ulong Arrival)>();
        using (var iterator = _services.Store.Scan(ColumnFamily.Parked, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                arrivals.Add((iterator.Key.ToArray(), EntryPlace.Decode(iterator.Key[^12..]).Arrival));
            }
        }

        foreach (var (key, arrival) in arrivals)
        {
            _services.Store.Delete(ColumnFamily.Parked, key);
            if (!_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value))
            {
                continue;
            }

            var record = new EntryRecord(value);
            if ((record.Flags & EntryFlags.Awaited) != 0)
            {
                Reveal(arrival);
            }

            var header = Decode(record.Header);
            var info = Describe(header, EntryOf(record.Header), arrival);
            if (info.Kind != EntryKind.Message && TryOpenKept(record, header, secret, out var plaintext))
            {
                IndexContent(info.Kind, info, AuthorOf(info), plaintext);
            }
        }
    }

    /// <summary>What a kept entry says under its epoch's secret; false without its body, and of another suite.</summary>
    private bool TryOpenKept(EntryRecord record, EntryHeader header, byte[] secret, [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = null;
        return record.HasBody
            && header.Suite == EntryHeader.CurrentSuite
            && BodyCipher.TryOpen(_services.Cryptography, secret, EntryCodec.Prefix(header, record.Header), record.Body, out plaintext);
    }

    /// <summary>Gives an entry that can be read now a place of its own in the order of events.</summary>
    private void Reveal(ulong arrival)
    {
        _revealed++;
        _services.Store.Put(ColumnFamily.Parked, StoreKeys.Revealed(Number, LastCursor.Position), RevealedPlace.Encode(arrival, _revealed));
        _host.Changed(this);
    }

    private void IndexContent(uint kind, EntryInfo info, IdentityId author, byte[] plaintext)
    {
        try
        {
            switch (kind)
            {
                case EntryKind.Edit:
                    IndexEdit(info, author, EditBody.Parser.ParseFrom(plaintext));
                    break;
                case EntryKind.Reaction:
                    PutRelation(ReactionBody.Parser.ParseFrom(plaintext).Target, 'r', info, author);
                    break;
                case EntryKind.Receipt:
                    ApplyReceipt(info, author, ReceiptBody.Parser.ParseFrom(plaintext));
                    break;
                case EntryKind.GroupInvitation when Description.Kind == ConversationKind.Direct && author != _services.Identity:
                    _host.Invited(this, author, info.Arrival, GroupInvitationBody.Parser.ParseFrom(plaintext));
                    break;
                default:
                    break;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Sealed by a member, so it is kept and ordered; it just says nothing.
            _services.Marks.Hit("content.malformed");
            _host.Count("hinet.content.malformed");
        }
    }

    private void IndexEdit(EntryInfo info, IdentityId author, EditBody edit)
    {
        if (edit.Target.Length != Bytes32.Size)
        {
            return;
        }

        PutRelation(edit.Target, 'e', info, author);
        var target = new EntryId(edit.Target.Span);
        if (FindArrival(target) is { } arrival
            && _services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value)
            && (new EntryRecord(value).Flags & EntryFlags.Deleted) != 0)
        {
            _services.Marks.Hit("content.edit.of.deleted");
            EraseBody(info.Arrival, EntryFlags.Erased);
        }
    }

    private void PutRelation(ByteString target, char kind, EntryInfo info, IdentityId author)
    {
        if (target.Length == Bytes32.Size)
        {
            PutRelation(new EntryId(target.Span), kind, info, author);
        }
    }

    private void PutRelation(EntryId target, char kind, EntryInfo info, IdentityId author)
    {
        byte[] value = [.. EntryPlace.Encode(Number, info.Arrival), .. author.ToArray()];
        _services.Store.Put(ColumnFamily.Relations, StoreKeys.Relation(target, kind, info.Hlc, info.Id), value);
    }

    private EntryId EntryOf(ReadOnlySpan<byte> headerBytes) => Entry.IdOf(_services.Cryptography, headerBytes);

    /// <summary>The person whose device wrote an applied entry, as its own past says.</summary>
    public IdentityId AuthorOf(EntryInfo info) =>
        _graph.OwnerOf(info.Device) is { } owner ? owner
        : _graph.StateOf(PastSet(info.Authority)).TryGetDevice(info.Device, out var device)
        || _graph.StateOf(InclusiveSet(info)).TryGetDevice(info.Device, out device)
            ? device.Identity
            : default;

    /// <summary>Makes a direct conversation appear in lists: someone opened it, or something was said.</summary>
    public void Show()
    {
        if (!Description.IsVisible)
        {
            Description = Description with { IsVisible = true };
            PutDescription();
            _host.Changed(this);
            _host.Appeared(this);
        }
    }
}
