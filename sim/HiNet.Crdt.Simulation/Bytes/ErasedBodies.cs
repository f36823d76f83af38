using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>
/// Which bodies one node must have erased, from the entries that became durable on its disk and from nothing that the engine noted
/// about them: the targets of their authors' deletions, and whatever edits those.
/// </summary>
internal sealed class ErasedBodies(EngineHome home, Func<DeviceId, IdentityId> ownerOf)
{
    /// <summary>Content entries with the record that they came in. What is erased is no longer here.</summary>
    private readonly Dictionary<EntryId, Content> _contents = [];
    private readonly Dictionary<EntryId, List<EntryId>> _edits = [];
    private readonly HashSet<(ConversationId Conversation, EntryId Target, IdentityId By)> _deletions = [];
    private readonly HashSet<EntryId> _deleted = [];

    /// <summary>Rows whose bodies were not looked at yet: within a batch, a secret can come behind what it opens.</summary>
    private readonly List<(EntryId Id, EntryHeader Header, byte[] Row)> _unread = [];

    /// <summary>Edits whose epoch this home does not hold yet.</summary>
    private readonly List<(EntryId Id, EntryHeader Header, byte[] Row)> _unopened = [];

    /// <summary>Bodies that must be nowhere, in the order in which they had to go.</summary>
    public List<ErasedBody> All { get; } = [];

    /// <summary>Something became durable that was not judged yet.</summary>
    public bool HasUnread => _unread.Count > 0;

    /// <summary>An entry became durable.</summary>
    public void Stored(EntryId id, EntryHeader header, byte[] row)
    {
        if (header.Kind == EntryKind.Delete || header.Epoch is not null)
        {
            _unread.Add((id, header, row));
        }
    }

    /// <summary>An epoch's secret became durable: edits under it can be read.</summary>
    public void SecretStored()
    {
        _unread.AddRange(_unopened);
        _unopened.Clear();
    }

    /// <summary>Judges what became durable. Called when no batch is half done.</summary>
    public void Judge(long now)
    {
        var rows = _unread.ToArray();
        _unread.Clear();
        foreach (var (id, header, row) in rows)
        {
            var author = ownerOf(header.Device);
            if (header.Kind == EntryKind.Delete)
            {
                foreach (var target in TargetsOf(row))
                {
                    _deletions.Add((header.Conversation, target, author));
                    Delete(target, author, now);
                }

                continue;
            }

            _contents.TryAdd(id, new Content(header.Conversation, author, row));
            Delete(id, author, now);
            if (header.Kind == EntryKind.Edit)
            {
                NoteEdit(id, header, row, now);
            }
        }
    }

    private void Delete(EntryId target, IdentityId author, long now)
    {
        if (_contents.TryGetValue(target, out var content)
            && content.Author == author
            && _deletions.Contains((content.Conversation, target, author))
            && _deleted.Add(target))
        {
            Erase(target, now);
            foreach (var edit in _edits.GetValueOrDefault(target) ?? [])
            {
                EraseEdit(edit, target, now);
            }
        }
    }

    private void NoteEdit(EntryId id, EntryHeader header, byte[] row, long now)
    {
        if (new EntryRecord(row) is { HasBody: false })
        {
            return;
        }

        if (home.OpenBody(row) is not { } plaintext)
        {
            _unopened.Add((id, header, row));
            return;
        }

        try
        {
            var target = EditBody.Parser.ParseFrom(plaintext).Target;
            if (target.Length != Bytes32.Size)
            {
                return;
            }

            var edited = new EntryId(target.Span);
            if (!_edits.TryGetValue(edited, out var edits))
            {
                _edits.Add(edited, edits = []);
            }

            edits.Add(id);
            if (_deleted.Contains(edited))
            {
                EraseEdit(id, edited, now);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // A member's nonsense edits nothing.
        }
    }

    private void EraseEdit(EntryId edit, EntryId target, long now)
    {
        if (_contents.TryGetValue(edit, out var content) && content.Conversation == _contents[target].Conversation)
        {
            Erase(edit, now);
        }
    }

    private void Erase(EntryId id, long now)
    {
        var content = _contents[id];
        if (content.Row is { } row)
        {
            _contents[id] = content with { Row = null };
            var record = new EntryRecord(row);
            if (record.HasBody && !record.Body.IsEmpty)
            {
                All.Add(new ErasedBody(id, record.Body.ToArray(), now));
            }
        }
    }

    private List<EntryId> TargetsOf(byte[] row)
    {
        try
        {
            return home.OpenBody(row) is { } plaintext
                ? [.. DeleteBody.Parser.ParseFrom(plaintext).Targets.Where(target => target.Length == Bytes32.Size).Select(target => new EntryId(target.Span))]
                : [];
        }
        catch (InvalidProtocolBufferException)
        {
            return [];
        }
    }

    private sealed record Content(ConversationId Conversation, IdentityId Author, byte[]? Row);
}
