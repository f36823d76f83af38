using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

/// <summary><c>specs/vectors/identity.json</c>, both ways.</summary>
public sealed class IdentityVectorTests
{
    private static readonly VectorFile s_file = new("identity.json");

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(Build());

    [Fact]
    public void Certificates_and_the_card_are_valid_as_they_stand()
    {
        var file = s_file.Read();
        foreach (var vector in file["certificates"]!.AsArray().Select(node => node!))
        {
            DeviceCertificate.TryDecode(vector.Bytes("certificate"), out var certificate).ShouldBeTrue();
            certificate.IsValid(TestKeys.Sodium).ShouldBeTrue();
            certificate.Digest(TestKeys.Sodium).ShouldBe(vector.Bytes32("digest"));
            certificate.Identity.Value.ShouldBe(vector.Bytes32("identity"));
            certificate.Device.Value.ShouldBe(vector.Bytes32("device"));
        }

        DeviceCard.TryDecode(file["card"]!.Bytes("card"), out var card).ShouldBeTrue();
        card.IsValid(TestKeys.Sodium).ShouldBeTrue();
        card.Name.ShouldBe(file["card"]!.Text("name"));
    }

    [Fact]
    public void The_invite_and_the_home_are_read_back()
    {
        var file = s_file.Read();
        foreach (var vector in new[] { file["invite"]!, file["freshInvite"]! })
        {
            Invite.TryParse(vector.Text("text"), out var invite, out _).ShouldBeTrue();
            invite.Secret.ShouldBe(vector.Bytes32("secret"));
            invite.Id(TestKeys.Sodium).ShouldBe(vector.Bytes32("id"));
            invite.ExpiresUnixMilliseconds.ShouldBe(vector["expires"]!.GetValue<long>());
            invite.Addresses.ShouldBe([vector["addresses"]![0]!.GetValue<string>()]);
        }

        HomeSecrets.TryDecode(TestKeys.Sodium, file["home"]!.Bytes("home"), out var home).ShouldBeTrue();
        home.Node.Value.ShouldBe(file["home"]!.Bytes32("node"));
    }

    private static JsonObject Build()
    {
        var card = TestKeys.Card("alice", "phone", "Ada Lovelace", 1);
        return new JsonObject
        {
            ["description"] = "Byte-exact vectors of specs/07-identity.md. Bytes are lower-case hex.",
            ["certificates"] = new JsonArray(Certificate("phone"), Certificate("phone", "laptop", "tablet", "desktop")),
            ["card"] = new JsonObject
            {
                ["deviceSeed"] = TestKeys.Named("phone").ToString(),
                ["leafKey"] = card.LeafKey.ToString(),
                ["leafIndex"] = card.LeafIndex,
                ["name"] = card.Name,
                ["card"] = Hex.Of(card.Encode()),
            },
            ["invite"] = DescribeInvite(card, TestKeys.Named("invite secret"), "192.0.2.7:4711"),
            ["freshInvite"] = DescribeInvite(card, new Bytes32((byte[])[.. TestKeys.Named("invite secret").ToArray()[..16], .. new byte[16]]), "host.example:4711"),
            ["pairSecrets"] = new JsonArray(Pair("alice", "bob"), Pair("bob", "alice"), Pair("alice", "alice")),
            ["home"] = DescribeHome(),
        };
    }

    private static JsonObject Certificate(params string[] devices)
    {
        var certificate = TestKeys.Certificate("alice", devices);
        return new JsonObject
        {
            ["identitySeed"] = TestKeys.Named("alice").ToString(),
            ["identity"] = certificate.Identity.ToString(),
            ["agreement"] = certificate.Agreement.ToString(),
            ["deviceSeeds"] = new JsonArray([.. devices.Select(device => (JsonNode)TestKeys.Named(device).ToString())]),
            ["device"] = certificate.Device.ToString(),
            ["certificate"] = Hex.Of(certificate.Encode()),
            ["digest"] = certificate.Digest(TestKeys.Sodium).ToString(),
        };
    }

    private static JsonObject DescribeInvite(DeviceCard card, Bytes32 secret, string address)
    {
        var invite = Invite.From(card, secret, 1_800_000_000_000, [address]);
        return new JsonObject
        {
            ["secret"] = invite.Secret.ToString(),
            ["expires"] = invite.ExpiresUnixMilliseconds,
            ["addresses"] = new JsonArray(invite.Addresses[0]),
            ["id"] = invite.Id(TestKeys.Sodium).ToString(),
            ["text"] = invite.ToString(),
        };
    }

    private static JsonObject Pair(string own, string other)
    {
        var (_, secret) = TestKeys.Agreement($"{own}'s agreement");
        var (otherPublic, _) = TestKeys.Agreement($"{other}'s agreement");
        return new JsonObject
        {
            ["agreementSecret"] = Hex.Of(secret),
            ["ownIdentity"] = TestKeys.Identity(own).ToString(),
            ["otherAgreement"] = otherPublic.ToString(),
            ["otherIdentity"] = TestKeys.Identity(other).ToString(),
            ["secret"] = PairSecret.Derive(TestKeys.Sodium, secret, TestKeys.Identity(own), otherPublic, TestKeys.Identity(other))!.Value.ToString(),
        };
    }

    private static JsonObject DescribeHome()
    {
        var home = HomeSecretsTests.Create();
        return new JsonObject
        {
            ["home"] = Hex.Of(home.Encode()),
            ["device"] = home.Device.ToString(),
            ["node"] = home.Node.ToString(),
            ["card"] = Hex.Of(home.Card(TestKeys.Sodium).Encode()),
        };
    }
}
