using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>One conversation's entries as they lie on a home's disk, and the keys to them that the home holds. Reads records and none of the engine's indexes.</summary>
internal sealed class HomeLog
{
    private readonly EngineHome _home;
    private readonly uint _number;
    private readonly SortedDictionary<EntryId, byte[]?> _secrets = [];
    private readonly SortedDictionary<DeviceId, byte[]> _signatures = [];

    private HomeLog(EngineHome home, ConversationId conversation, uint number, byte[] controlKey)
    {
        _home = home;
        _number = number;
        Conversation = conversation;
        ControlKey = controlKey;
        var entries = new List<StoredEntry>();
        using var iterator = home.Disk.Scan(
            ColumnFamily.Entries, StoreKeys.Entry(number, 0), StoreKeys.Entry(number, ulong.MaxValue));
        while (iterator.MoveNext())
        {
            var record = new EntryRecord(iterator.Value);
            var bytes = record.Header.ToArray();
            if (EntryCodec.TryDecode(bytes, out var header, out _))
            {
                var arrival = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[4..]);
                if (!record.Signature.IsEmpty)
                {
                    _signatures[header.Device] = record.Signature.ToArray();
                }

                entries.Add(new StoredEntry(
                    arrival, Entry.IdOf(home.Cryptography, bytes), header, bytes, record.Flags, record.HasBody ? record.Body.ToArray() : null));
            }
        }

        Entries = entries;
    }

    public ConversationId Conversation { get; }

    public byte[] ControlKey { get; }

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<StoredEntry> Entries { get; }

    /// <summary>Null when the home does not hold the conversation.</summary>
    public static HomeLog? TryOpen(EngineHome home, ConversationId conversation)
    {
        if (home.NumberOf(conversation) is not { } number
            || Unseal(home, conversation, StoreKeys.ControlKey(number)) is not { } controlKey)
        {
            return null;
        }

        return new HomeLog(home, conversation, number, controlKey);
    }

    public byte[]? SecretOf(EntryId epoch)
    {
        if (!_secrets.TryGetValue(epoch, out var secret))
        {
            _secrets[epoch] = secret = Unseal(_home, Conversation, StoreKeys.EpochSecret(_number, epoch));
        }

        return secret;
    }

    /// <summary>The last signature that a device's entries have here.</summary>
    public byte[]? SignatureOf(DeviceId device) => _signatures.GetValueOrDefault(device);

    /// <summary>The secret that opens what is written under an epoch or, for none, control entries; null when the home does not hold it.</summary>
    public static byte[]? SecretFor(EngineHome home, ConversationId conversation, EntryId? epoch) =>
        home.NumberOf(conversation) is { } number
            ? Unseal(home, conversation, epoch is { } id ? StoreKeys.EpochSecret(number, id) : StoreKeys.ControlKey(number))
            : null;

    /// <summary>Whether a home can open what is written under an epoch.</summary>
    public static bool HoldsEpoch(EngineHome home, ConversationId conversation, EntryId epoch) => SecretFor(home, conversation, epoch) is not null;

    private static byte[]? Unseal(EngineHome home, ConversationId conversation, byte[] key) =>
        home.Disk.TryGet(ColumnFamily.Secrets, key, out var blob)
        && SecretSealer.TryOpen(home.Cryptography, home.Secrets.StorageKey.Span, conversation.ToArray(), blob, out var secret)
            ? secret
            : null;
}
