using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Simulation.Meaning;
using HiNet.Crdt.Simulation.Nodes;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Writes a member's entries by hand. All that a member knows (keys, epochs, the log so far) comes from the disk of the node's
/// engine, as it is now.
/// </summary>
internal sealed class MemberWriter
{
    private readonly EngineHome _home;
    private readonly IntentLog _intents;
    private readonly long _wall;
    private readonly byte[] _epochSecret;
    private readonly Dictionary<EntryId, EntryHeader> _headers = [];
    private readonly List<EntryId> _authority = [];
    private readonly List<EntryId> _own = [];
    private readonly List<EntryId> _tips = [];

    private MemberWriter(EngineHome home, HomeLog log, EntryId epoch, byte[] epochSecret, long wall, IntentLog intents)
    {
        _home = home;
        _intents = intents;
        _wall = wall;
        Epoch = epoch;
        _epochSecret = epochSecret;
        Conversation = log.Conversation;
        ControlKey = log.ControlKey;
        Log = log;
        foreach (var entry in log.Entries)
        {
            Know(entry.Id, entry.Header);
            _tips.RemoveAll(tip => tip == entry.Header.Previous || entry.Header.Parents.Contains(tip));
            _tips.Add(entry.Id);
            if (entry.Header.Device == home.Device)
            {
                _own.Add(entry.Id);
            }
        }

        Head = _own.Count == 0 ? null : _own.MaxBy(id => (_headers[id].Seq, id));
    }

    public ConversationId Conversation { get; }

    public byte[] ControlKey { get; }

    public HomeLog Log { get; }

    public EntryId Epoch { get; }

    public byte[] EpochSecret => _epochSecret;

    /// <summary>The last entry of the device's chain, to go on from; set it to fork.</summary>
    public EntryId? Head { get; set; }

    /// <summary>The device's entries, in order of arrival.</summary>
    public IReadOnlyList<EntryId> Own => _own;

    public IReadOnlyList<EntryId> Tips => _tips;

    /// <summary>Null while the node holds too little of a conversation to write in it.</summary>
    public static MemberWriter? TryOpen(EngineHome home, ConversationId conversation, long wall, IntentLog intents)
    {
        if (HomeLog.TryOpen(home, conversation) is not { Entries.Count: > 0 } log)
        {
            return null;
        }

        for (var i = log.Entries.Count - 1; i >= 0; i--)
        {
            var id = log.Entries[i].Header.Kind == EntryKind.Epoch ? log.Entries[i].Id : log.Entries[i].Header.Epoch;
            if (id is { } epoch && log.SecretOf(epoch) is { } secret)
            {
                return new MemberWriter(home, log, epoch, secret, wall, intents);
            }
        }

        return null;
    }

    public EntryHeader HeaderOf(EntryId id) => _headers[id];

    public static IEnumerable<EntryId> PredecessorsOf(EntryHeader header) =>
        header.Previous is { } previous ? header.Parents.Prepend(previous) : header.Parents;

    /// <summary>An honest header for the next entry, which has seen everything.</summary>
    public EntryHeader Draft(uint kind = EntryKind.Message) => Draft(kind, _tips);

    /// <summary>An honest header for an entry that follows the device's last one and these.</summary>
    public EntryHeader Draft(uint kind, IEnumerable<EntryId> parents)
    {
        EntryId[] others = [.. parents.Where(parent => parent != Head).Distinct().Order().Take(EntryLimits.MaxParents)];
        EntryId[] predecessors = Head is { } head ? [head, .. others] : others;
        var known = predecessors.Select(id => _headers[id]).ToList();
        return new EntryHeader
        {
            Conversation = Conversation,
            Device = _home.Device,
            Seq = Head is { } previous ? _headers[previous].Seq + 1 : 0,
            Previous = Head,
            Parents = others,
            Hlc = HybridTimestamp.After(known.Max(header => header.Hlc), _wall),
            Depth = known.Max(header => header.Depth) + 1,
            Authority = AuthorityOf(predecessors),
            Kind = kind,
            Epoch = EntryKind.IsKnownControl(kind) ? null : Epoch,
        };
    }

    /// <summary>Seals an entry, and tells what it means; the chain goes on from it.</summary>
    public Entry Write(EntryHeader header, IMessage body)
    {
        var secret = header.Epoch is null ? ControlKey : _epochSecret;
        var entry = WriteSealed(header, BodyCipher.Seal(_home.Cryptography, secret, EntryCodec.EncodePrefix(header), body.ToByteArray()));

        // What is written in another device's name must not be applied, so nobody means it.
        if (header.Device == _home.Device && BodyIntent.Of(body) is { } intent)
        {
            _intents.Told(entry.Id, intent);
        }

        return entry;
    }

    public Entry WriteSealed(EntryHeader header, byte[] body)
    {
        var entry = Entry.CreateWithBody(_home.Cryptography, header, body);
        Know(entry.Id, header);
        Head = entry.Id;
        return entry;
    }

    public Entry Say(string text) => Write(Draft(), new MessageBody { Text = text });

    /// <summary>Says something without having seen anything but the own chain.</summary>
    public Entry SayBlindly(string text) => Write(Draft(EntryKind.Message, Head is null ? _tips : []), new MessageBody { Text = text });

    public SignedRun Sign(params Entry[] entries) => new(
        entries[0].Header.Device, entries, EntrySignature.Sign(_home.Cryptography, _home.Secrets.DeviceSecretKey.Span, entries[^1].Id));

    public static byte[] Segments(params SignedRun[] runs)
    {
        var writer = new SegmentWriter();
        foreach (var run in runs)
        {
            writer.Write(run);
        }

        return writer.Written.ToArray();
    }

    private void Know(EntryId id, EntryHeader header)
    {
        _headers[id] = header;
        if (EntryKind.IsAuthority(header.Kind))
        {
            _authority.Add(id);
        }
    }

    /// <summary>Right for any past: the authority entries in it that no other one of it has in its past.</summary>
    private Bytes32 AuthorityOf(EntryId[] predecessors)
    {
        var past = PastOf(predecessors);
        var inPast = _authority.Where(past.Contains).Distinct().ToList();
        List<EntryId> heads = [];
        foreach (var id in inPast)
        {
            if (!inPast.Exists(other => other != id && PastOf([other]).Contains(id)))
            {
                heads.Add(id);
            }
        }

        heads.Sort();
        return AuthorityHash.Of(_home.Cryptography, [.. heads]);
    }

    private HashSet<EntryId> PastOf(EntryId[] ids)
    {
        var pending = new Stack<EntryId>(ids);
        HashSet<EntryId> seen = [];
        while (pending.TryPop(out var id))
        {
            if (!seen.Add(id) || !_headers.TryGetValue(id, out var header))
            {
                continue;
            }

            foreach (var predecessor in PredecessorsOf(header))
            {
                pending.Push(predecessor);
            }
        }

        return seen;
    }
}
