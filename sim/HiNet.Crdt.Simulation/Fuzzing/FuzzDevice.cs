using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>A device whose keys the case holds, so that it can sign and introduce whatever it likes.</summary>
internal sealed class FuzzDevice
{
    private readonly ICryptography _cryptography;
    private readonly byte[] _secretKey;
    private readonly Bytes32 _leaf;
    private readonly string _name;

    private FuzzDevice(ICryptography cryptography, DeviceCertificate certificate, byte[] secretKey, Bytes32 leaf, string name)
    {
        (_cryptography, Certificate, _secretKey, _leaf, _name) = (cryptography, certificate, secretKey, leaf, name);
    }

    public DeviceCertificate Certificate { get; }

    public IdentityId Identity => Certificate.Identity;

    public DeviceId Device => Certificate.Device;

    /// <summary>The device of a home.</summary>
    public static FuzzDevice Of(ICryptography cryptography, HomeSecrets home) =>
        new(cryptography, home.Certificate, home.DeviceSecretKey.ToArray(), HomeSecrets.LeafKeyOf(cryptography, home.LeafSecrets[^1]), home.Name);

    /// <summary>A fresh device that another one vouches for.</summary>
    public static FuzzDevice Beside(ICryptography cryptography, FuzzDevice other)
    {
        var (device, secretKey) = FreshKey(cryptography);
        return new FuzzDevice(cryptography, other.Certificate.Extend(cryptography, other._secretKey, device), secretKey, FreshLeaf(cryptography), other._name);
    }

    /// <summary>The same device, for which another person's device vouches, too.</summary>
    public FuzzDevice ClaimedBy(FuzzDevice other) =>
        new(_cryptography, other.Certificate.Extend(_cryptography, other._secretKey, Device), _secretKey, FreshLeaf(_cryptography), other._name);

    /// <summary>A card of this device. The first leaf key is the one that its home has; any other is fresh, and nobody holds its secret.</summary>
    public DeviceCard Card(uint leafIndex = 0, bool isFresh = false) =>
        DeviceCard.Create(_cryptography, Certificate, _secretKey, isFresh ? FreshLeaf(_cryptography) : _leaf, leafIndex, _name);

    public byte[] Sign(EntryId id) => EntrySignature.Sign(_cryptography, _secretKey, id);

    private static (DeviceId Device, byte[] SecretKey) FreshKey(ICryptography cryptography)
    {
        Span<byte> seed = stackalloc byte[Bytes32.Size];
        Span<byte> key = stackalloc byte[Bytes32.Size];
        var secretKey = new byte[2 * Bytes32.Size];
        cryptography.FillSecret(seed);
        cryptography.Ed25519FromSeed(seed, key, secretKey);
        return (new DeviceId(key), secretKey);
    }

    private static Bytes32 FreshLeaf(ICryptography cryptography)
    {
        Span<byte> secret = stackalloc byte[Bytes32.Size];
        Span<byte> key = stackalloc byte[Bytes32.Size];
        cryptography.FillSecret(secret);
        cryptography.X25519Public(secret, key);
        return new Bytes32(key);
    }
}
