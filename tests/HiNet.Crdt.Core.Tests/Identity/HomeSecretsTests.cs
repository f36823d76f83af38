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

    internal static HomeSecrets Create() => HomeSecrets.Create(
        new CountedSecrets(), "Alice", TestKeys.Named("alice").ToArray(), TestKeys.Named("alice's agreement").ToArray());
}
