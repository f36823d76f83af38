using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

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
        Secrets = secrets;
        Cryptography = cryptography;
        Random = random;
        Marks = marks;
        Store = new StoreOverlay(store);
        Sealer = new SecretSealer(cryptography, secrets.StorageKey);
        Card = secrets.Card(cryptography);
        DeviceKey = secrets.DeviceSecretKey(cryptography);
    }

    public NodeCoreOptions Options { get; }

    public HomeSecrets Secrets { get; }

    public ICryptography Cryptography { get; }

    public IRandomSource Random { get; }

    public Marks Marks { get; }

    public StoreOverlay Store { get; }

    public SecretSealer Sealer { get; }

    /// <summary>What others need to write to this device.</summary>
    public DeviceCard Card { get; }

    /// <summary>The expanded Ed25519 key of this device.</summary>
    public byte[] DeviceKey { get; }

    public IdentityId Identity => Secrets.IdentityId;

    public DeviceId Device => Secrets.Device;

    public NodeClock Clock { get; } = new();
}
