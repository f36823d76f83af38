using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// Everything that a device keeps to itself. The root seed is not among it: it certifies the first device and is gone.
/// All secrets are 32 bytes. <c>specs/07-identity.md</c>, "Home".
/// </summary>
public sealed partial class HomeSecrets
{
    /// <summary>Leaf keys that are kept at a time.</summary>
    public const int MaxLeaves = 64;

    private const int SecretSize = 32;
    private const int SecretKeySize = 64;

    private readonly byte[] _agreementSecret;
    private readonly byte[] _deviceSeed;
    private readonly byte[] _deviceSecretKey = new byte[SecretKeySize];
    private readonly byte[] _nodeSeed;
    private readonly byte[] _storageKey;
    private readonly LeafSecret[] _leaves;

    private HomeSecrets(
        ICryptography cryptography,
        string name,
        DeviceCertificate certificate,
        (byte[] Agreement, byte[] Device, byte[] Node, byte[] Storage) secrets,
        LeafSecret[] leaves)
    {
        Name = name;
        Certificate = certificate;
        (_agreementSecret, _deviceSeed, _nodeSeed, _storageKey) = secrets;
        _leaves = leaves;
        Span<byte> publicKey = stackalloc byte[Bytes32.Size];
        Span<byte> nodeSecretKey = stackalloc byte[SecretKeySize];
        cryptography.Ed25519FromSeed(_nodeSeed, publicKey, nodeSecretKey);
        cryptography.Wipe(nodeSecretKey);
        Node = new NodeId(publicKey);
        cryptography.Ed25519FromSeed(_deviceSeed, publicKey, _deviceSecretKey);
        DerivedDevice = new DeviceId(publicKey);
    }

    /// <summary>The person's own name.</summary>
    public string Name { get; }

    /// <summary>Says whose device this is.</summary>
    public DeviceCertificate Certificate { get; }

    /// <summary>The person.</summary>
    public IdentityId Identity => Certificate.Identity;

    /// <summary>This device.</summary>
    public DeviceId Device => Certificate.Device;

    /// <summary>What this device's links and the DHT see; tied to neither of the two above.</summary>
    public NodeId Node { get; }

    /// <summary>The person's X25519 secret key; all devices of a person have the same.</summary>
    public ReadOnlyMemory<byte> AgreementSecret => _agreementSecret;

    /// <summary>Ed25519 seed of <see cref="Device"/>.</summary>
    public ReadOnlyMemory<byte> DeviceSeed => _deviceSeed;

    /// <summary>Expanded Ed25519 secret key of <see cref="Device"/>, 64 bytes.</summary>
    public ReadOnlyMemory<byte> DeviceSecretKey => _deviceSecretKey;

    /// <summary>Ed25519 seed of <see cref="Node"/>.</summary>
    public ReadOnlyMemory<byte> NodeSeed => _nodeSeed;

    /// <summary>Leaf secret keys, index ascending; the last is the current one.</summary>
    public IReadOnlyList<LeafSecret> LeafSecrets => _leaves;

    /// <summary>Under which other secrets are sealed at rest.</summary>
    public ReadOnlyMemory<byte> StorageKey => _storageKey;

    private DeviceId DerivedDevice { get; }

    /// <summary>Makes a person's first device: fresh device, node and leaf keys and a storage key, certified by the root.</summary>
    /// <param name="cryptography">Makes the keys.</param>
    /// <param name="name">The person's own name.</param>
    /// <param name="identitySeed">Ed25519 seed of the identity's root key, 32 bytes; not kept.</param>
    /// <param name="agreementSeed">The person's X25519 secret key, 32 bytes; kept.</param>
    /// <exception cref="InvalidNameException">The name is not <see cref="PersonName.IsValid"/>.</exception>
    public static HomeSecrets Create(ICryptography cryptography, string name, ReadOnlySpan<byte> identitySeed, ReadOnlySpan<byte> agreementSeed)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        PersonName.ThrowIfInvalid(name);
        Span<byte> root = stackalloc byte[Bytes32.Size];
        Span<byte> rootSecretKey = stackalloc byte[SecretKeySize];
        cryptography.Ed25519FromSeed(identitySeed, root, rootSecretKey);
        Span<byte> agreement = stackalloc byte[Bytes32.Size];
        cryptography.X25519Public(agreementSeed, agreement);

        var deviceSeed = Fresh(cryptography);
        Span<byte> device = stackalloc byte[Bytes32.Size];
        Span<byte> deviceSecretKey = stackalloc byte[SecretKeySize];
        cryptography.Ed25519FromSeed(deviceSeed, device, deviceSecretKey);
        var certificate = DeviceCertificate.Issue(cryptography, new IdentityId(root), new Bytes32(agreement), rootSecretKey, new DeviceId(device));
        cryptography.Wipe(rootSecretKey);
        cryptography.Wipe(deviceSecretKey);

        var leaf = new LeafSecret(0, Fresh(cryptography));
        return new HomeSecrets(
            cryptography,
            name,
            certificate,
            (agreementSeed.ToArray(), deviceSeed, Fresh(cryptography), Fresh(cryptography)),
            [leaf]);
    }

    /// <summary>What others need to write to this device, with its current leaf key.</summary>
    public DeviceCard Card(ICryptography cryptography)
    {
        var leaf = _leaves[^1];
        return DeviceCard.Create(cryptography, Certificate, _deviceSecretKey, LeafKeyOf(cryptography, leaf), leaf.Index, Name);
    }

    /// <summary>The public key of one of <see cref="LeafSecrets"/>.</summary>
    public static Bytes32 LeafKeyOf(ICryptography cryptography, LeafSecret leaf)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(leaf);
        Span<byte> key = stackalloc byte[Bytes32.Size];
        cryptography.X25519Public(leaf.Secret.Span, key);
        return new Bytes32(key);
    }

    /// <summary>Overwrites every secret; the object is of no use afterwards.</summary>
    public void Wipe(ICryptography cryptography)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        cryptography.Wipe(_agreementSecret);
        cryptography.Wipe(_deviceSeed);
        cryptography.Wipe(_deviceSecretKey);
        cryptography.Wipe(_nodeSeed);
        cryptography.Wipe(_storageKey);
        foreach (var leaf in _leaves)
        {
            cryptography.Wipe(System.Runtime.InteropServices.MemoryMarshal.AsMemory(leaf.Secret).Span);
        }
    }

    private static byte[] Fresh(ICryptography cryptography)
    {
        var secret = new byte[SecretSize];
        cryptography.FillSecret(secret);
        return secret;
    }
}
