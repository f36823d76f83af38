using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class HomeSecretsTests
{
    [Fact]
    public void A_home_is_read_back()
    {
        var home = Create();
        HomeSecrets.TryDecode(TestKeys.Sodium, home.Encode(), out var decoded).ShouldBeTrue();
        decoded.Encode().ShouldBe(home.Encode());
        (decoded.Name, decoded.Identity, decoded.Device, decoded.Node).ShouldBe((home.Name, home.Identity, home.Device, home.Node));
        decoded.DeviceSecretKey.ToArray().ShouldBe(home.DeviceSecretKey.ToArray());
        decoded.Card(TestKeys.Sodium).Encode().ShouldBe(home.Card(TestKeys.Sodium).Encode());
    }

    [Fact]
    public void Its_card_is_valid_and_its_keys_belong_together()
    {
        var home = Create();
        var card = home.Card(TestKeys.Sodium);
        card.IsValid(TestKeys.Sodium).ShouldBeTrue();
        card.Identity.ShouldBe(TestKeys.Identity("alice"));
        card.Device.ShouldBe(home.Device);
        card.LeafKey.ShouldBe(HomeSecrets.LeafKeyOf(TestKeys.Sodium, home.LeafSecrets[^1]));
        card.Certificate.Agreement.ShouldBe(TestKeys.Agreement("alice's agreement").Public);
        home.Node.Value.ShouldNotBe(home.Device.Value);
    }

    [Fact]
    public void The_root_seed_is_not_kept() =>
        Create().Encode().AsSpan().IndexOf(TestKeys.Named("alice").ToArray()).ShouldBe(-1);

    [Fact]
    public void Two_homes_of_one_person_are_two_devices()
    {
        var secrets = new CountedSecrets();
        var one = HomeSecrets.Create(secrets, "Alice", TestKeys.Named("alice").ToArray(), TestKeys.Named("alice's agreement").ToArray());
        var other = HomeSecrets.Create(secrets, "Alice", TestKeys.Named("alice").ToArray(), TestKeys.Named("alice's agreement").ToArray());
        other.Identity.ShouldBe(one.Identity);
        other.Device.ShouldNotBe(one.Device);
        other.Node.ShouldNotBe(one.Node);
    }

    [Fact]
    public void Changed_bytes_are_refused_or_a_home_whose_keys_belong_together()
    {
        var bytes = Create().Encode();
        Prop.ForAll(Gen.Choose(0, (bytes.Length * 8) - 1).ToArbitrary(), bit =>
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (HomeSecrets.TryDecode(TestKeys.Sodium, flipped, out var home))
            {
                home.Encode().ShouldBe(flipped);
                home.Card(TestKeys.Sodium).IsValid(TestKeys.Sodium).ShouldBeTrue();
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_home_with_another_devices_seed_is_refused()
    {
        var message = Protocol.Home.Parser.ParseFrom(Create().Encode());
        message.DeviceSeed = Google.Protobuf.ByteString.CopyFrom(TestKeys.Named("another").ToArray());
        HomeSecrets.TryDecode(TestKeys.Sodium, Google.Protobuf.MessageExtensions.ToByteArray(message), out _).ShouldBeFalse();
    }

    [Fact]
    public void Making_a_home_leaves_no_copy_of_its_signing_keys()
    {
        var secrets = new CountedSecrets();
        var home = HomeSecrets.Create(secrets, "Alice", TestKeys.Named("alice").ToArray(), TestKeys.Named("alice's agreement").ToArray());
        byte[][] keys = [TestKeys.Signing("alice").SecretKey, home.DeviceSecretKey.ToArray(), SigningKeyOf(home.NodeSeed.Span)];
        foreach (var key in keys)
        {
            secrets.Wiped.ShouldContain(wiped => wiped.SequenceEqual(key));
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(0, false)]
    public void A_home_has_1_to_64_leaf_keys(int leaves, bool isRead) => IsRead(home =>
    {
        home.Leaves.Clear();
        home.Leaves.AddRange(Enumerable.Range(0, leaves).Select(i => Leaf((uint)i)));
    }).ShouldBe(isRead);

    [Fact]
    public void The_longest_home_is_read()
    {
        var message = new Protocol.Home
        {
            Name = new string('a', PersonName.MaxBytes),
            Certificate = TestKeys.Certificate("alice", "a", "b", "c", "d").ToMessage(),
            AgreementSecret = Secret("alice's agreement"),
            DeviceSeed = Secret("d"),
            NodeSeed = Secret("node"),
            StorageKey = Secret("storage"),
        };
        message.Leaves.AddRange(Enumerable.Range(0, HomeSecrets.MaxLeaves).Select(i => Leaf(uint.MaxValue - HomeSecrets.MaxLeaves + (uint)i)));
        Bytes(message).Length.ShouldBe(3_369);
        HomeSecrets.TryDecode(TestKeys.Sodium, Bytes(message), out var home).ShouldBeTrue();
        home.Encode().ShouldBe(Bytes(message));
    }

    [Fact]
    public void Its_leaf_keys_are_read_back_with_their_indices()
    {
        var message = Protocol.Home.Parser.ParseFrom(Create().Encode());
        message.Leaves.Clear();
        message.Leaves.AddRange([Leaf(3), Leaf(7)]);
        HomeSecrets.TryDecode(TestKeys.Sodium, Bytes(message), out var home).ShouldBeTrue();
        home.LeafSecrets.Select(leaf => leaf.Index).ShouldBe([3u, 7u]);
        home.Encode().ShouldBe(Bytes(message));
    }

    [Theory]
    [InlineData(3u, 3u)]
    [InlineData(4u, 3u)]
    public void Leaf_keys_that_do_not_ascend_are_refused(uint first, uint second) => IsRead(home =>
    {
        home.Leaves.Clear();
        home.Leaves.AddRange([Leaf(first), Leaf(second), Leaf(9)]);
    }).ShouldBeFalse();

    [Fact]
    public void A_secret_of_another_size_is_refused_whichever_it_is()
    {
        var other = Google.Protobuf.ByteString.CopyFrom(new byte[31]);
        IsRead(static _ => { }).ShouldBeTrue();
        IsRead(home => home.AgreementSecret = other).ShouldBeFalse();
        IsRead(home => home.DeviceSeed = other).ShouldBeFalse();
        IsRead(home => home.NodeSeed = other).ShouldBeFalse();
        IsRead(home => home.StorageKey = other).ShouldBeFalse();
        IsRead(home => home.Leaves.Add(new Protocol.LeafSecretKey { Index = 5, Secret = other })).ShouldBeFalse();
    }

    [Fact]
    public void A_home_with_a_bad_name_no_certificate_or_another_agreement_secret_is_refused()
    {
        IsRead(home => home.Name = " Alice").ShouldBeFalse();
        IsRead(home => home.Certificate = null).ShouldBeFalse();
        IsRead(home => home.AgreementSecret = Google.Protobuf.ByteString.CopyFrom(TestKeys.Named("another").ToArray())).ShouldBeFalse();
    }

    [Fact]
    public void Wiping_leaves_no_secret()
    {
        var home = Create();
        home.Wipe(TestKeys.Sodium);
        foreach (var secret in new[] { home.AgreementSecret, home.DeviceSeed, home.DeviceSecretKey, home.NodeSeed, home.StorageKey, home.LeafSecrets[0].Secret })
        {
            secret.ToArray().ShouldAllBe(value => value == 0);
        }
    }

    [Fact]
    public void A_name_that_cannot_be_shown_is_refused_with_advice() =>
        Should.Throw<InvalidNameException>(() => HomeSecrets.Create(TestKeys.Sodium, "", new byte[32], new byte[32])).Message.ShouldContain("name");

    private static bool IsRead(Action<Protocol.Home> change)
    {
        var message = Protocol.Home.Parser.ParseFrom(Create().Encode());
        change(message);
        return HomeSecrets.TryDecode(TestKeys.Sodium, Bytes(message), out _);
    }

    private static byte[] Bytes(Protocol.Home message) => Google.Protobuf.MessageExtensions.ToByteArray(message);

    private static Protocol.LeafSecretKey Leaf(uint index) =>
        new() { Index = index, Secret = Google.Protobuf.ByteString.CopyFrom(TestKeys.Named($"leaf {index}").ToArray()) };

    private static Google.Protobuf.ByteString Secret(string name) => Google.Protobuf.ByteString.CopyFrom(TestKeys.Named(name).ToArray());

    private static byte[] SigningKeyOf(ReadOnlySpan<byte> seed)
    {
        var secretKey = new byte[64];
        TestKeys.Sodium.Ed25519FromSeed(seed, new byte[32], secretKey);
        return secretKey;
    }

    internal static HomeSecrets Create() => HomeSecrets.Create(
        new CountedSecrets(), "Alice", TestKeys.Named("alice").ToArray(), TestKeys.Named("alice's agreement").ToArray());
}
