using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

/// <summary>Builds <c>specs/vectors/entries.json</c> from names and fixed times.</summary>
internal static class EntryVectors
{
    private const long Noon = 1_700_000_000_000;

    private static readonly Bytes32 s_noAuthority = AuthorityHash.Of(TestKeys.Sodium, []);
    private static readonly byte[] s_controlKey = TestKeys.Named("control key").ToArray();
    private static readonly byte[] s_epochSecret = TestKeys.Named("epoch secret").ToArray();

    public static JsonObject Build()
    {
        var entries = new JsonArray();
        var genesis = Seal(new EntryHeader
        {
            Device = TestKeys.Device("phone"),
            Hlc = HybridTimestamp.FromMilliseconds(Noon),
            Authority = s_noAuthority,
            Kind = EntryKind.Genesis,
        });
        entries.Add(Describe("a group's genesis", "phone", genesis));

        var group = ConversationIds.Group(genesis.Id);
        var authority = AuthorityHash.Of(TestKeys.Sodium, [genesis.Id]);
        var epoch = Seal(new EntryHeader
        {
            Conversation = group,
            Device = TestKeys.Device("phone"),
            Seq = 1,
            Previous = genesis.Id,
            Hlc = new HybridTimestamp((ulong)Noon << 16 | 1),
            Depth = 1,
            Authority = authority,
            Kind = EntryKind.Epoch,
        });
        entries.Add(Describe("an epoch in the same millisecond", "phone", epoch));

        var message = Seal(new EntryHeader
        {
            Conversation = group,
            Device = TestKeys.Device("laptop"),
            Parents = [epoch.Id],
            Hlc = HybridTimestamp.FromMilliseconds(Noon + 1_000),
            Depth = 2,
            Authority = authority,
            Kind = EntryKind.Message,
            Epoch = epoch.Id,
        });
        entries.Add(Describe("a message, another device's first entry", "laptop", message));

        EntryId[] sixteen = [.. Enumerable.Range(0, 16).Select(i => TestKeys.Entry($"head {i}")).Order()];
        entries.Add(Describe("sixteen parents and long numbers", "laptop", Seal(new EntryHeader
        {
            Conversation = group,
            Device = TestKeys.Device("laptop"),
            Seq = 300,
            Previous = message.Id,
            Parents = sixteen,
            Hlc = new HybridTimestamp(ulong.MaxValue),
            Depth = ulong.MaxValue,
            Authority = AuthorityHash.Of(TestKeys.Sodium, sixteen),
            Kind = EntryKind.Reaction,
            Epoch = epoch.Id,
        })));
        entries.Add(Describe("an unknown kind of an unknown suite, without a body", "laptop", Entry.Create(
            TestKeys.Sodium,
            new EntryHeader
            {
                Suite = 7,
                Conversation = group,
                Device = TestKeys.Device("laptop"),
                Seq = 1,
                Previous = message.Id,
                Hlc = HybridTimestamp.FromMilliseconds(Noon + 2_000),
                Depth = 3,
                Authority = authority,
                Kind = 1_000,
            },
            null)));
        entries.Add(Describe("the first entry of a direct conversation, which has no genesis", "phone", Seal(new EntryHeader
        {
            Conversation = ConversationIds.Direct(TestKeys.Sodium, TestKeys.Identity("alice"), TestKeys.Identity("bob")),
            Device = TestKeys.Device("phone"),
            Authority = s_noAuthority,
            Kind = EntryKind.Introduce,
        })));

        return new JsonObject
        {
            ["description"] = "Byte-exact vectors of specs/01-log.md. Bytes are lower-case hex; numbers above 2^53 are decimal strings.",
            ["entries"] = entries,
            ["refused"] = Refused(message, sixteen),
            ["authority"] = new JsonArray(Authority([]), Authority([genesis.Id]), Authority(sixteen)),
            ["directConversations"] = new JsonArray(Direct("alice", "bob"), Direct("bob", "alice"), Direct("alice", "alice")),
            ["frontiers"] = Frontiers(genesis, message),
            ["equivocation"] = Equivocation(),
        };
    }

    private static Entry Seal(EntryHeader header)
    {
        var secret = header.IsControl ? s_controlKey : s_epochSecret;
        return Entry.CreateWithBody(TestKeys.Sodium, header, BodyCipher.Seal(TestKeys.Sodium, secret, EntryCodec.EncodePrefix(header), "hello"u8));
    }

    private static JsonObject Describe(string what, string device, Entry entry) => new()
    {
        ["what"] = what,
        ["version"] = entry.Header.Version,
        ["suite"] = entry.Header.Suite,
        ["conversation"] = entry.Header.Conversation.ToString(),
        ["deviceSeed"] = TestKeys.Named(device).ToString(),
        ["device"] = entry.Header.Device.ToString(),
        ["seq"] = $"{entry.Header.Seq}",
        ["previous"] = entry.Header.Previous?.ToString(),
        ["parents"] = new JsonArray([.. entry.Header.Parents.Select(parent => (JsonNode)parent.ToString())]),
        ["hlc"] = $"{entry.Header.Hlc.Value}",
        ["depth"] = $"{entry.Header.Depth}",
        ["authority"] = entry.Header.Authority.ToString(),
        ["kind"] = entry.Header.Kind,
        ["epoch"] = entry.Header.Epoch?.ToString(),
        ["bodySecret"] = entry.Header.BodyLength == 0 ? null : Hex.Of(entry.Header.IsControl ? s_controlKey : s_epochSecret),
        ["bodyText"] = entry.Header.BodyLength == 0 ? null : Hex.Of("hello"u8),
        ["body"] = Hex.Of(entry.Body!.Value),
        ["prefix"] = Hex.Of(entry.Prefix),
        ["header"] = Hex.Of(entry.HeaderBytes),
        ["id"] = entry.Id.ToString(),
        ["signature"] = Hex.Of(EntrySignature.Sign(TestKeys.Sodium, TestKeys.Signing(device).SecretKey, entry.Id)),
    };

    private static JsonArray Refused(Entry message, EntryId[] parents)
    {
        var good = message.HeaderBytes.ToArray();
        var unsorted = EntryCodec.Encode(message.Header with { Parents = parents[..2] });
        var at = unsorted.AsSpan().IndexOf(parents[0].ToArray());
        parents[1].CopyTo(unsorted.AsSpan(at));
        parents[0].CopyTo(unsorted.AsSpan(at + 34));
        return
        [
            Refuse("version 2", [8, 2, .. good[2..]]),
            Refuse("the version as a longer varint", [8, 0x81, 0, .. good[2..]]),
            Refuse("suite 0 written out", [.. good[..2], 0x10, 0, .. good[4..]]),
            Refuse("no suite", [.. good[..2], .. good[4..]]),
            Refuse("seq 0 written out", [.. good[..72], 0x28, 0, .. good[72..]]),
            Refuse("a field after the last", [.. good, 0x78, 1]),
            Refuse("a field twice", [.. good[..4], .. good[2..]]),
            Refuse("cut off inside the body hash", good[..^1]),
            Refuse("a body length without a hash", good[..^34]),
            Refuse("parents descending", unsorted),
            Refuse("no bytes", []),
        ];
    }

    private static JsonObject Refuse(string what, byte[] bytes)
    {
        EntryCodec.TryDecode(bytes, out _, out var problem).ShouldBeFalse(what);
        return new JsonObject { ["what"] = what, ["header"] = Hex.Of(bytes), ["problem"] = problem.ToString() };
    }

    private static JsonObject Authority(EntryId[] heads) => new()
    {
        ["heads"] = new JsonArray([.. heads.Select(head => (JsonNode)head.ToString())]),
        ["hash"] = AuthorityHash.Of(TestKeys.Sodium, heads).ToString(),
    };

    private static JsonObject Direct(string one, string other) => new()
    {
        ["one"] = TestKeys.Identity(one).ToString(),
        ["other"] = TestKeys.Identity(other).ToString(),
        ["conversation"] = ConversationIds.Direct(TestKeys.Sodium, TestKeys.Identity(one), TestKeys.Identity(other)).ToString(),
    };

    private static JsonArray Frontiers(Entry genesis, Entry message)
    {
        FrontierHead[] heads =
        [
            new(genesis.Header.Device, 0, genesis.Id),
            new(message.Header.Device, 300, message.Id),
            new(message.Header.Device, 7, TestKeys.Entry("a fork")),
        ];
        return [Describe(Frontier.Empty), Describe(Frontier.From(heads[..1])), Describe(Frontier.From(heads))];
    }

    private static JsonObject Describe(Frontier frontier) => new()
    {
        ["heads"] = new JsonArray([.. frontier.Heads.Select(head => (JsonNode)new JsonObject
        {
            ["device"] = head.Device.ToString(),
            ["seq"] = $"{head.Seq}",
            ["head"] = head.Head.ToString(),
        })]),
        ["bytes"] = Hex.Of(frontier.Encode()),
        ["digest"] = frontier.Digest(TestKeys.Sodium).ToString(),
    };

    private static JsonObject Equivocation()
    {
        var proof = EquivocationProofTests.CreateProof();
        proof.TryVerify(TestKeys.Sodium, out var proven).ShouldBeTrue();
        return new JsonObject
        {
            ["proof"] = Hex.Of(proof.Encode()),
            ["device"] = proven.Device.ToString(),
            ["conversation"] = proven.Conversation.ToString(),
            ["seq"] = $"{proven.Seq}",
            ["first"] = proven.First[0].Id.ToString(),
            ["second"] = proven.Second[0].Id.ToString(),
        };
    }
}
