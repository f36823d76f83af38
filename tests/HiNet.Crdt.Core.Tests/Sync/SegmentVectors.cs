using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Sync;

/// <summary>Builds <c>specs/vectors/segments.json</c> from names and fixed times.</summary>
internal static class SegmentVectors
{
    private const long Noon = 1_700_000_000_000;

    private static readonly EntryId s_epoch = TestKeys.Entry("an epoch");

    public static JsonObject Build()
    {
        var messages = new JsonArray
        {
            Describe("one message with its body", Run("phone", 5, 1, (header, _) => header)),
            Describe("a burst of three under one signature", Run("phone", 5, 3, (header, _) => header)),
            Describe(
                "parents, a jump in depth, another authority, no epoch, a body that is absent",
                Run("phone", 1, 3, (header, i) => i switch
                {
                    0 => header with { Parents = [.. new[] { TestKeys.Entry("one"), TestKeys.Entry("two") }.Order()], Depth = 40 },
                    1 => header with { Kind = EntryKind.SetRole, Epoch = null, Authority = TestKeys.Named("another authority"), Depth = 41 },
                    _ => header with { Kind = EntryKind.Message, Authority = TestKeys.Named("another authority"), Depth = 300 },
                }, absent: 2)),
            Describe("a kind and a suite that nobody knows", Run("phone", 7, 2, (header, i) => i == 0
                ? header with { Kind = 1_000_000 }
                : header with { Suite = 9 })),
            Describe("a genesis", Run("phone", 0, 1, (header, _) => header with
            {
                Conversation = default,
                Kind = EntryKind.Genesis,
                Epoch = null,
            })),
            Describe(
                "two devices in one message: the second run goes on with epoch, authority and kind of the first",
                Run("phone", 63, 2, (header, _) => header),
                Run("laptop", 0, 1, (header, _) => header with { Parents = [TestKeys.Entry("one")], Depth = 1 })),
        };

        var one = Write([Run("phone", 5, 1, (header, _) => header)]);
        var over = Write([Run("phone", 64, 1, (header, _) => header)]);
        var malformed = new JsonArray
        {
            Malformed("cut short by a byte", one[..^1]),
            Malformed("a byte too many", [.. one, 0]),
            Malformed("no entries", [.. one[..32], 0, .. one[33..]]),
            Malformed("65 entries", [.. one[..32], 65, .. one[33..]]),
            Malformed("a count that is written longer than needed", [.. one[..32], 0x81, 0, .. one[33..]]),
            Malformed("two entries, the first at a seq divisible by 64", [.. over[..32], 2, .. over[33..]]),
            Malformed("an absent body of no length", Flag(Write([Run("phone", 5, 1, (header, _) => header, length: 0)]), SegmentFlags.HasBody)),
            Malformed("the epoch of the entry before it, and there is none", Flag(one, SegmentFlags.SameEpoch)),
        };
        return new JsonObject
        {
            ["description"] = "Byte-exact vectors of specs/03-sync.md, segments. Keys and ids are BLAKE2b-256 of names; bodies are not sealed. Bytes are lower-case hex.",
            ["messages"] = messages,
            ["malformed"] = malformed,
        };
    }

    private static SignedRun Run(string device, ulong seq, int count, Func<EntryHeader, int, EntryHeader> change, int absent = -1, int length = 32)
    {
        var entries = new List<Entry>();
        for (var i = 0; i < count; i++)
        {
            var before = i > 0 ? entries[^1] : null;
            var header = change(
                new EntryHeader
                {
                    Conversation = SegmentGenerators.Conversation,
                    Device = TestKeys.Device(device),
                    Seq = seq + (ulong)i,
                    Previous = before?.Id ?? (seq > 0 ? TestKeys.Entry("the entry before") : null),
                    Hlc = HybridTimestamp.FromMilliseconds(Noon + (i * 250)),
                    Depth = seq + (ulong)i,
                    Authority = TestKeys.Named("an authority"),
                    Kind = EntryKind.Message,
                    Epoch = s_epoch,
                },
                i);
            var entry = Entry.CreateWithBody(TestKeys.Sodium, header, TestKeys.Named($"body {i}").ToArray().AsMemory(0, length));
            entries.Add(i == absent ? entry.WithBody(null) : entry);
        }

        return new SignedRun(
            TestKeys.Device(device), entries, EntrySignature.Sign(TestKeys.Sodium, TestKeys.Signing(device).SecretKey, entries[^1].Id));
    }

    private static JsonObject Describe(string what, params SignedRun[] runs)
    {
        var described = new JsonArray();
        foreach (var run in runs)
        {
            described.Add(new JsonObject
            {
                ["device"] = Hex.Of(run.Device.ToArray()),
                ["headers"] = new JsonArray([.. run.Entries.Select(e => (JsonNode)Hex.Of(e.HeaderBytes))]),
                ["bodies"] = new JsonArray([.. run.Entries.Select(e => e.Body is { } body ? (JsonNode)Hex.Of(body) : null)]),
                ["signature"] = Hex.Of(run.Signature),
            });
        }

        return new JsonObject
        {
            ["what"] = what,
            ["conversation"] = Hex.Of(SegmentGenerators.Conversation.ToArray()),
            ["runs"] = described,
            ["bytes"] = Hex.Of(Write(runs)),
        };
    }

    private static JsonObject Malformed(string what, byte[] bytes) => new()
    {
        ["what"] = what,
        ["conversation"] = Hex.Of(SegmentGenerators.Conversation.ToArray()),
        ["bytes"] = Hex.Of(bytes),
    };

    /// <summary>Turns over a flag of the first entry: behind device, count, seq and previous.</summary>
    private static byte[] Flag(byte[] message, SegmentFlags flag)
    {
        byte[] changed = [.. message];
        changed[32 + 1 + 1 + 32] ^= (byte)flag;
        return changed;
    }

    private static byte[] Write(IReadOnlyList<SignedRun> runs)
    {
        var writer = new SegmentWriter();
        foreach (var run in runs)
        {
            writer.Write(run);
        }

        return writer.Written.ToArray();
    }
}
