using System.Text;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Support;

/// <summary>Keys by name, so that tests and vectors have the same ones in every run: the secret is BLAKE2b-256 of the name.</summary>
internal static class TestKeys
{
    public static ICryptography Sodium { get; } = SodiumCryptography.Instance;

    /// <summary>32 bytes that stand for a seed, an id or a secret.</summary>
    public static Bytes32 Named(string name)
    {
        var digest = new byte[Bytes32.Size];
        Sodium.Blake2b(Encoding.UTF8.GetBytes(name), digest);
        return new Bytes32(digest);
    }

    public static EntryId Entry(string name) => new(Named(name));

    public static (Bytes32 Public, byte[] SecretKey) Signing(string name)
    {
        var publicKey = new byte[Bytes32.Size];
        var secretKey = new byte[64];
        Sodium.Ed25519FromSeed(Named(name).ToArray(), publicKey, secretKey);
        return (new Bytes32(publicKey), secretKey);
    }

    public static DeviceId Device(string name) => new(Signing(name).Public);

    public static IdentityId Identity(string name) => new(Signing(name).Public);

    public static (Bytes32 Public, byte[] Secret) Agreement(string name)
    {
        var publicKey = new byte[Bytes32.Size];
        var secret = Named(name).ToArray();
        Sodium.X25519Public(secret, publicKey);
        return (new Bytes32(publicKey), secret);
    }

    /// <summary>A certificate of one to four steps: the person's first device, then the ones that follow.</summary>
    public static DeviceCertificate Certificate(string person, params string[] devices)
    {
        var root = Signing(person);
        var certificate = DeviceCertificate.Issue(
            Sodium, new IdentityId(root.Public), Agreement($"{person}'s agreement").Public, root.SecretKey, Device(devices[0]));
        for (var i = 1; i < devices.Length; i++)
        {
            certificate = certificate.Extend(Sodium, Signing(devices[i - 1]).SecretKey, Device(devices[i]));
        }

        return certificate;
    }

    public static DeviceCard Card(string person, string device, string name, uint leafIndex = 0) => DeviceCard.Create(
        Sodium, Certificate(person, device), Signing(device).SecretKey, Agreement($"{device}'s leaf {leafIndex}").Public, leafIndex, name);

    /// <summary>A card of one more device of a person, which their first one signed.</summary>
    public static DeviceCard AnotherCard(HomeSecrets person, string device) => DeviceCard.Create(
        Sodium, person.Certificate.Extend(Sodium, person.DeviceSecretKey.Span, Device(device)), Signing(device).SecretKey,
        Agreement("leaf").Public, 0, person.Name);
}
