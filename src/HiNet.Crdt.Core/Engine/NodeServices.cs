using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Engine;

/// <summary>What every part of a node shares: the ports, the keys, the view of the store, the clocks.</summary>
internal sealed class NodeServices
{
    public NodeServices(
        NodeCoreOptions options,
        HomeSecrets secrets,
        IStoreReader store,
        ICryptography cryptography,
        IRandomSource random,
        Marks marks)
    {
        Options = options;
        Waiting = new WaitingRoom(options.Bounds.WaitingBytes);
        Parked = new SharedRoom(options.Bounds.WaitingBytes);
        Remembered = new SharedRoom(options.Bounds.RememberedBytes);
        Newest = new NewestRoom(options.Bounds.NewestBytes, marks);
        Secrets = secrets;
        Cryptography = cryptography;
        Random = random;
        Cards = new ValidCards(cryptography, Limits.ValidCards);
        Marks = marks;
        Store = new StoreOverlay(store, Cost);
        Rows = new SealedRows(store, cryptography, secrets);
        Card = secrets.Card(cryptography);
    }

    public NodeCoreOptions Options { get; }

    public EngineBounds Bounds => Options.Bounds;

    /// <summary>Whether the simulator has asked for a mistake.</summary>
    public bool Has(PlantedBug bug) => (Options.Planted & bug) != 0;

    /// <summary>Bytes that the channels of one link together may have waiting in it.</summary>
    public long LinkWindowBytes => Options.LinkWindowBytes;

    public HomeSecrets Secrets { get; }

    public ICryptography Cryptography { get; }

    /// <summary>Tells which cards are valid.</summary>
    public ValidCards Cards { get; }

    public IRandomSource Random { get; }

    public Marks Marks { get; }

    /// <summary>What this node's machine has done so far.</summary>
    public Cost Cost { get; } = new();

    public StoreOverlay Store { get; }

    /// <summary>What is durable of the rows that are sealed.</summary>
    public SealedRows Rows { get; }

    /// <summary>What others need to write to this device.</summary>
    public DeviceCard Card { get; }

    /// <summary>The expanded Ed25519 key of this device.</summary>
    public ReadOnlySpan<byte> DeviceKey => Secrets.DeviceSecretKey.Span;

    public IdentityId Identity => Secrets.Identity;

    public DeviceId Device => Secrets.Device;

    public NodeClock Clock { get; } = new();

    /// <summary>What entries of all conversations take that wait for a predecessor.</summary>
    public WaitingRoom Waiting { get; }

    /// <summary>What entries of all conversations take that wait for their time.</summary>
    public SharedRoom Parked { get; }

    /// <summary>For what channels remember of devices that are unknown here.</summary>
    public SharedRoom Remembered { get; }

    /// <summary>What the newest entries of all conversations take.</summary>
    public NewestRoom Newest { get; }

    /// <summary>For one message at a time. Empty between two: bodies that it has held may be deleted meanwhile.</summary>
    public SegmentWriter Segments { get; } = new();

    /// <summary>Writes one of the rows that are sealed.</summary>
    public void PutSealed(ColumnFamily family, byte[] key, byte[] record) => Store.Put(family, key, Rows.Seal(family, key, record));

    /// <summary>Seals a secret for the store; <paramref name="context"/> keeps it from being taken for another.</summary>
    public byte[] SealSecret(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> context) =>
        SecretSealer.Seal(Cryptography, Secrets.StorageKey.Span, context, secret);

    public bool TryOpenSecret(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> context, [NotNullWhen(true)] out byte[]? secret) =>
        SecretSealer.TryOpen(Cryptography, Secrets.StorageKey.Span, context, blob, out secret);

    /// <summary>The secret half of one of this device's leaf keys, while it is kept.</summary>
    public bool TryGetLeafSecret(uint index, [NotNullWhen(true)] out LeafSecret? leaf)
    {
        leaf = Secrets.LeafSecrets.FirstOrDefault(known => known.Index == index);
        return leaf is not null;
    }
}
