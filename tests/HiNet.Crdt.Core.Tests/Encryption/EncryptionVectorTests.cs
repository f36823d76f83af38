using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Encryption;

/// <summary><c>specs/vectors/encryption.json</c>, both ways.</summary>
public sealed class EncryptionVectorTests
{
    private static readonly VectorFile s_file = new("encryption.json");

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(Build());

    [Fact]
    public void Everything_opens_as_it_stands()
    {
        var file = s_file.Read();
        foreach (var vector in file["bodies"]!.AsArray().Select(node => node!))
        {
            BodyCipher.TryOpen(TestKeys.Sodium, vector.Bytes("secret"), vector.Bytes("prefix"), vector.Bytes("body"), out var text).ShouldBeTrue();
            text.ShouldBe(vector.Bytes("text"));
        }

        var epoch = file["epoch"]!;
        var boxes = new EpochBoxes(epoch.Bytes32("ephemeral"), epoch.Bytes("boxes"));
        for (var i = 0; i < boxes.Count; i++)
        {
            var leaf = epoch["leaves"]![i]!;
            EpochBox.TryOpen(
                TestKeys.Sodium,
                new ConversationId(epoch.Bytes32("conversation")),
                leaf.Bytes("secret"),
                leaf.Bytes32("key"),
                boxes.Ephemeral,
                boxes[i].Span,
                out var secret).ShouldBeTrue();
            secret.ShouldBe(epoch.Bytes32("secret"));
        }

        var link = file["link"]!;
        EpochLink.TryOpen(TestKeys.Sodium, link.Bytes32("newSecret"), new EntryId(link.Bytes32("oldEpoch")), link.Bytes("link"), out var old).ShouldBeTrue();
        old.ShouldBe(link.Bytes32("oldSecret"));

        var stored = file["storedSecret"]!;
        SecretSealer.TryOpen(TestKeys.Sodium, stored.Bytes("storageKey"), stored.Bytes("context"), stored.Bytes("sealed"), out var opened).ShouldBeTrue();
        opened.ShouldBe(stored.Bytes("secret"));
    }

    private static JsonObject Build() => new()
    {
        ["description"] = "Byte-exact vectors of specs/06-encryption.md. Bytes are lower-case hex.",
        ["bodies"] = new JsonArray(Body(""), Body("hello"), Body(new string('x', 200))),
        ["epoch"] = Epoch(),
        ["link"] = Link(),
        ["storedSecret"] = StoredSecret(),
    };

    private static JsonObject Body(string text)
    {
        var secret = TestKeys.Named("epoch secret");
        var prefix = System.Text.Encoding.UTF8.GetBytes("the bytes of a header without body length and body hash");
        var plaintext = System.Text.Encoding.UTF8.GetBytes(text);
        return new JsonObject
        {
            ["secret"] = secret.ToString(),
            ["prefix"] = Hex.Of(prefix),
            ["text"] = Hex.Of(plaintext),
            ["body"] = Hex.Of(BodyCipher.Seal(TestKeys.Sodium, secret.ToArray(), prefix, plaintext)),
        };
    }

    private static JsonObject Epoch()
    {
        var conversation = new ConversationId(TestKeys.Named("a conversation"));
        var secret = TestKeys.Named("epoch secret");
        var ephemeral = TestKeys.Named("ephemeral");
        var leaves = Enumerable.Range(0, 3).Select(i => TestKeys.Agreement($"leaf {i}")).ToArray();
        var boxes = EpochBox.Seal(TestKeys.Sodium, conversation, secret, [.. leaves.Select(leaf => leaf.Public)], ephemeral.ToArray());
        return new JsonObject
        {
            ["conversation"] = conversation.ToString(),
            ["secret"] = secret.ToString(),
            ["ephemeralSecret"] = ephemeral.ToString(),
            ["leaves"] = new JsonArray([.. leaves.Select(leaf => (JsonNode)new JsonObject
            {
                ["secret"] = Hex.Of(leaf.Secret),
                ["key"] = leaf.Public.ToString(),
            })]),
            ["ephemeral"] = boxes.Ephemeral.ToString(),
            ["boxes"] = Hex.Of(boxes.Boxes),
            ["commitment"] = EpochCommitment.Of(TestKeys.Sodium, conversation, secret).ToString(),
        };
    }

    private static JsonObject Link()
    {
        var (newer, epoch, older) = (TestKeys.Named("newer secret"), TestKeys.Entry("older epoch"), TestKeys.Named("older secret"));
        return new JsonObject
        {
            ["newSecret"] = newer.ToString(),
            ["oldEpoch"] = epoch.ToString(),
            ["oldSecret"] = older.ToString(),
            ["link"] = Hex.Of(EpochLink.Seal(TestKeys.Sodium, newer, epoch, older)),
        };
    }

    private static JsonObject StoredSecret()
    {
        var (key, secret) = (TestKeys.Named("storage key"), TestKeys.Named("epoch secret"));
        return new JsonObject
        {
            ["storageKey"] = key.ToString(),
            ["context"] = Hex.Of("a place"u8),
            ["secret"] = secret.ToString(),
            ["sealed"] = Hex.Of(SecretSealer.Seal(new CountedSecrets(), key.ToArray(), "a place"u8, secret.ToArray())),
        };
    }
}
