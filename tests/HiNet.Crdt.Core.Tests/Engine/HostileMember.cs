using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>
/// A member who writes entries by hand: everything a member knows (keys, epochs, the log so far) is taken over from an honest
/// node of theirs, which should no longer run.
/// </summary>
internal sealed class HostileMember
{
    private readonly LoopbackWorld _world;
    private readonly MemoryStore _store;
    private readonly uint _number;
    private readonly Dictionary<EntryId, EntryHeader> _headers = [];
    private readonly List<EntryId> _authority = [];

    public HostileMember(LoopbackWorld world, LoopbackNode node, ConversationId conversation)
    {
        (_world, Node, _store, Conversation) = (world, node, node.Store, conversation);
        _number = node.Reader.Describe(conversation)!.Number;
        ControlKey = Unseal(StoreKeys.ControlKey(_number));
        var prefix = BitConverter.GetBytes(_number).Reverse().ToArray();
        using var iterator = _store.Scan(ColumnFamily.Entries, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var bytes = new EntryRecord(iterator.Value).Header.ToArray();
            EntryCodec.TryDecode(bytes, out var header, out _).ShouldBeTrue();
            Know(Entry.IdOf(LoopbackNode.Cryptography, bytes), header!);
        }

        var record = ReplicaRecord.Parser.ParseFrom(Read(ColumnFamily.Conversations, StoreKeys.Replica(_number)));
        Tips = [.. record.Tips.Select(tip => new EntryId(tip.Span)).Order()];
        Head = _headers.Where(pair => pair.Value.Device == Secrets.Device).OrderBy(pair => pair.Value.Seq).Select(pair => (EntryId?)pair.Key).LastOrDefault();
        Epoch = _headers.Values.OrderBy(header => header.Hlc).LastOrDefault(header => header.Epoch is not null)?.Epoch
            ?? _headers.Where(pair => pair.Value.Kind == EntryKind.Epoch).Select(pair => pair.Key).Last();
    }

    public LoopbackNode Node { get; }

    public HomeSecrets Secrets => Node.Secrets;

    public ConversationId Conversation { get; }

    public byte[] ControlKey { get; }

    /// <summary>Heads that the honest node had.</summary>
    public EntryId[] Tips { get; }

    /// <summary>The last entry of the chain, to go on from; set it to fork.</summary>
    public EntryId? Head { get; set; }

    public EntryId Epoch { get; set; }

    /// <summary>The secret of <see cref="Epoch"/>.</summary>
    public byte[] EpochSecret => Unseal(StoreKeys.EpochSecret(_number, Epoch));

    public HostilePeer Link(LoopbackNode victim, bool isInitiator = true)
    {
        var peer = new HostilePeer(_world, Secrets, victim, Conversation, ControlKey, isInitiator).Link();
        peer.IsOpen.ShouldBeTrue();
        return peer;
    }

    /// <summary>Hands runs to a node over a link of its own, which is cut afterwards unless the node did it.</summary>
    public void Give(LoopbackNode victim, params SignedRun[] runs)
    {
        var peer = Link(victim);
        peer.Send(runs);
        peer.Unlink();
    }

    /// <summary>An honest header for the next entry; <paramref name="parents"/> default to the heads that were known, at the chain's first use.</summary>
    public EntryHeader Draft(uint kind = EntryKind.Message, params EntryId[] parents)
    {
        if (parents.Length == 0 && (Head is not { } h || !Tips.Any(tip => _headers[h].Device == Secrets.Device && IsBefore(tip, h))))
        {
            parents = Tips;
        }

        EntryId[] others = [.. parents.Where(p => p != Head).Distinct().Order()];
        EntryId[] predecessors = Head is { } head ? [head, .. others] : others;
        var known = predecessors.Select(p => _headers[p]).ToList();
        return new EntryHeader
        {
            Conversation = Conversation,
            Device = Secrets.Device,
            Seq = Head is { } previous ? _headers[previous].Seq + 1 : 0,
            Previous = Head,
            Parents = others,
            Hlc = HybridTimestamp.After(known.Max(header => header.Hlc), _world.Wall),
            Depth = known.Max(header => header.Depth) + 1,
            Authority = AuthorityOf(predecessors),
            Kind = kind,
            Epoch = EntryKind.IsKnownControl(kind) ? null : Epoch,
        };
    }

    /// <summary>Seals and remembers an entry; the chain goes on from it.</summary>
    public Entry Write(EntryHeader header, byte[] plaintext)
    {
        var secret = header.Epoch is { } epoch ? Unseal(StoreKeys.EpochSecret(_number, epoch)) : ControlKey;
        return WriteSealed(header, BodyCipher.Seal(LoopbackNode.Cryptography, secret, EntryCodec.EncodePrefix(header), plaintext));
    }

    public Entry Write(EntryHeader header, IMessage body) => Write(header, body.ToByteArray());

    public Entry Say(string text) => Write(Draft(), new MessageBody { Text = text });

    public Entry WriteSealed(EntryHeader header, byte[] body)
    {
        var entry = Entry.CreateWithBody(LoopbackNode.Cryptography, header, body);
        Know(entry.Id, header);
        Head = entry.Id;
        return entry;
    }

    public SignedRun Sign(params Entry[] entries) => new(
        Secrets.Device, entries, EntrySignature.Sign(LoopbackNode.Cryptography, Secrets.DeviceSecretKey.Span, entries[^1].Id));

    /// <summary>What the honest node wrote itself, as it lies in its store.</summary>
    public SignedRun[] Everything()
    {
        var runs = new List<SignedRun>();
        var pending = new List<Entry>();
        var prefix = BitConverter.GetBytes(_number).Reverse().ToArray();
        using var iterator = _store.Scan(ColumnFamily.Entries, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var record = new EntryRecord(iterator.Value);
            Entry.TryDecode(LoopbackNode.Cryptography, record.Header.ToArray(), record.Body.ToArray(), out var entry, out _).ShouldBeTrue();
            if (entry.Header.Device == Secrets.Device)
            {
                pending.Add(entry);
                if (!record.Signature.IsEmpty)
                {
                    runs.Add(new SignedRun(Secrets.Device, [.. pending], record.Signature.ToArray()));
                    pending.Clear();
                }
            }
        }

        return [.. runs];
    }

    /// <summary>Takes note of an entry that someone else wrote, so that it can be a parent.</summary>
    public void Know(EntryId id, EntryHeader header)
    {
        _headers[id] = header;
        if (EntryKind.IsAuthority(header.Kind))
        {
            _authority.Add(id);
        }
    }

    public EntryHeader HeaderOf(EntryId id) => _headers[id];

    private bool IsBefore(EntryId one, EntryId other)
    {
        var pending = new Stack<EntryId>([other]);
        var seen = new HashSet<EntryId>();
        while (pending.TryPop(out var id))
        {
            if (id == one)
            {
                return true;
            }

            if (seen.Add(id) && _headers.TryGetValue(id, out var header))
            {
                foreach (var p in header.Previous is { } previous ? header.Parents.Append(previous) : header.Parents)
                {
                    pending.Push(p);
                }
            }
        }

        return false;
    }

    /// <summary>Right for any past: the authority entries in it that no other one of it has in its past.</summary>
    private Bytes32 AuthorityOf(EntryId[] predecessors)
    {
        var past = _authority.Where(a => predecessors.Any(p => IsBefore(a, p))).Distinct().ToList();
        EntryId[] heads = [.. past.Where(a => !past.Any(b => b != a && IsBefore(a, b))).Order()];
        return AuthorityHash.Of(LoopbackNode.Cryptography, heads);
    }

    private byte[] Unseal(byte[] key)
    {
        SecretSealer.TryOpen(
            LoopbackNode.Cryptography, Secrets.StorageKey.Span, Conversation.ToArray(), Read(ColumnFamily.Secrets, key), out var secret).ShouldBeTrue();
        return secret!;
    }

    private byte[] Read(ColumnFamily family, byte[] key) =>
        _store.TryGet(family, key, out var value) ? value : throw new InvalidOperationException("The store lacks what a member has.");
}
