using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Cryptography;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Attack.Hostile;

/// <summary>
/// A device's chain in one conversation, gone on with by hand, blind to everyone else's entries. It is used by one task at a time.
/// </summary>
internal sealed class HostileChain
{
    private static readonly ICryptography Cryptography = SodiumCryptography.Instance;
    private readonly HomeSecrets _secrets;
    private readonly byte[] _epochSecret;
    private readonly EntryId _epoch;

    private HostileChain(HomeSecrets secrets, ConversationId conversation, byte[] controlKey, EntryId epoch, byte[] epochSecret, Entry head)
    {
        _secrets = secrets;
        Conversation = conversation;
        ControlKey = controlKey;
        _epoch = epoch;
        _epochSecret = epochSecret;
        Head = head;
        Authority = head.Header.Authority;
    }

    public ConversationId Conversation { get; }

    public byte[] ControlKey { get; }

    /// <summary>The entry that the next one follows; set it to fork.</summary>
    public Entry Head { get; set; }

    /// <summary>The authority hash of what is written next.</summary>
    public Bytes32 Authority { get; private set; }

    /// <summary>Goes on where a home's own last message stands, under that message's epoch.</summary>
    public static HostileChain Read(IStoreReader store, HomeSecrets secrets, ConversationId conversation)
    {
        new SealedRows(store, Cryptography, secrets).TryGet(ColumnFamily.Conversations, StoreKeys.Conversation(conversation), out var description);
        var number = ConversationDescription.Decode(conversation, description!).Number;
        Entry? head = null;
        using var iterator = store.Scan(ColumnFamily.Entries, StoreKeys.Entry(number, 0), StoreKeys.Entry(number, ulong.MaxValue));
        while (iterator.MoveNext())
        {
            var record = new EntryRecord(iterator.Value);
            if (Entry.TryDecode(Cryptography, record.Header.ToArray(), record.HasBody ? record.Body.ToArray() : null, out var entry, out _)
                && entry.Header.Device == secrets.Device)
            {
                head = entry;
            }
        }

        var epoch = head!.Header.Epoch ?? throw new InvalidOperationException("The attacker's last entry is no message.");
        return new HostileChain(
            secrets, conversation, Unseal(StoreKeys.ControlKey(number)), epoch, Unseal(StoreKeys.EpochSecret(number, epoch)), head);

        byte[] Unseal(byte[] key) =>
            store.TryGet(ColumnFamily.Secrets, key, out var blob)
            && SecretSealer.TryOpen(Cryptography, secrets.StorageKey.Span, conversation.ToArray(), blob, out var secret)
                ? secret
                : throw new InvalidOperationException("The attacker lacks a key.");
    }

    /// <summary>An honest header for the next entry.</summary>
    public EntryHeader Draft(uint kind = EntryKind.Message) => new()
    {
        Conversation = Conversation,
        Device = _secrets.Device,
        Seq = Head.Header.Seq + 1,
        Previous = Head.Id,
        Hlc = HybridTimestamp.After(Head.Header.Hlc, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()),
        Depth = Head.Header.Depth + 1,
        Authority = Authority,
        Kind = kind,
        Epoch = EntryKind.IsKnownControl(kind) ? null : _epoch,
    };

    /// <summary>Seals an entry; the chain goes on from it.</summary>
    public Entry Write(EntryHeader header, IMessage body)
    {
        var secret = header.Epoch is null ? ControlKey : _epochSecret;
        Head = Entry.CreateWithBody(Cryptography, header, BodyCipher.Seal(Cryptography, secret, EntryCodec.EncodePrefix(header), body.ToByteArray()));
        if (EntryKind.IsAuthority(header.Kind))
        {
            // All that changed who may do what is in its past.
            Authority = AuthorityHash.Of(Cryptography, [Head.Id]);
        }

        return Head;
    }

    public Entry Say(string text) => Write(Draft(), new MessageBody { Text = text });

    /// <summary>Signs the last of consecutive entries.</summary>
    public SignedRun Sign(params Entry[] entries) =>
        new(entries[0].Header.Device, entries, EntrySignature.Sign(Cryptography, _secrets.DeviceSecretKey.Span, entries[^1].Id));

    /// <summary>A message of the sync protocol.</summary>
    public static byte[] Segments(params SignedRun[] runs)
    {
        var writer = new SegmentWriter();
        foreach (var run in runs)
        {
            writer.Write(run);
        }

        return writer.Written.ToArray();
    }
}
