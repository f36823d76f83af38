using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>Starts a group: its id is the hash of the genesis entry, so the entry is made first and the replica around it.</summary>
    public static Replica CreateGroup(uint number, GenesisBody body, NodeServices services, IReplicaHost host, Instant now)
    {
        var controlKey = new byte[32];
        services.Cryptography.FillSecret(controlKey);
        var header = new EntryHeader
        {
            Device = services.Device,
            Hlc = HybridTimestamp.FromMilliseconds(services.Clock.Corrected(now)),
            Authority = AuthorityHash.Of(services.Cryptography, []),
            Kind = EntryKind.Genesis,
        };
        var sealedBody = BodyCipher.Seal(services.Cryptography, controlKey, EntryCodec.EncodePrefix(header), body.ToByteArray());
        var entry = Entry.CreateWithBody(services.Cryptography, header, sealedBody);
        var description = new ConversationDescription(
            ConversationIds.Group(entry.Id), number, ConversationKind.Group, body.Name, default, IsVisible: true);
        var replica = Create(description, controlKey, services, host);
        replica.Commit(OwnRun.Of(entry), replica._graph.Empty, now);
        return replica;
    }

    /// <summary>
    /// Makes an epoch for the devices of now, unless one is usable. A reader cannot, not even one who stood in for an admin until they
    /// added someone who comes before them: the next writer makes it.
    /// </summary>
    public void EnsureEpoch(Instant now)
    {
        if (Authority.MayWrite(_services.Device))
        {
            AcquireEpoch(now);
        }
    }

    public bool IsDeleted(EntryId message) =>
        FindArrival(message) is { } arrival
        && _services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value)
        && (new EntryRecord(value).Flags & EntryFlags.Deleted) != 0;

    public bool IsRefused(EntryId id) => _refused.Contains(id);

    public bool HasUnreportedForks => _unreportedForks.Count > 0;

    /// <summary>Frontier and state hash as of the last durable batch: all that may be told to others.</summary>
    public Frontier DurableFrontier { get; private set; } = Frontier.Empty;

    public Bytes32 DurableStateHash { get; private set; }
}
