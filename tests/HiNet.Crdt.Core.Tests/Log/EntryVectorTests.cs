using System.Globalization;
using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

/// <summary><c>specs/vectors/entries.json</c>, both ways: what the code makes is what is there, and what is there reads as it says.</summary>
public sealed class EntryVectorTests
{
    private static readonly VectorFile s_file = new("entries.json");

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(EntryVectors.Build());

    [Fact]
    public void Every_entry_reads_as_it_says()
    {
        foreach (var vector in s_file.Read()["entries"]!.AsArray().Select(node => node!))
        {
            Entry.TryDecode(TestKeys.Sodium, vector.Bytes("header"), vector.Bytes("body"), out var entry, out _).ShouldBeTrue(vector.Text("what"));
            entry.Header.ShouldBe(HeaderOf(vector, entry.Header));
            entry.Id.Value.ShouldBe(vector.Bytes32("id"));
            entry.Prefix.ToArray().ShouldBe(vector.Bytes("prefix"));
            entry.BodyMatches(TestKeys.Sodium).ShouldBeTrue();
            EntrySignature.Verify(TestKeys.Sodium, entry.Header.Device, entry.Id, vector.Bytes("signature")).ShouldBeTrue();
            if (vector["bodySecret"] is not null)
            {
                BodyCipher.TryOpen(TestKeys.Sodium, vector.Bytes("bodySecret"), entry.Prefix, entry.Body!.Value.Span, out var text).ShouldBeTrue();
                text.ShouldBe(vector.Bytes("bodyText"));
            }
        }
    }

    [Fact]
    public void Every_refused_header_is_refused_for_its_reason()
    {
        foreach (var vector in s_file.Read()["refused"]!.AsArray().Select(node => node!))
        {
            EntryCodec.TryDecode(vector.Bytes("header"), out _, out var problem).ShouldBeFalse();
            problem.ToString().ShouldBe(vector.Text("problem"), vector.Text("what"));
        }
    }

    [Fact]
    public void Frontiers_and_the_proof_are_read_back()
    {
        var file = s_file.Read();
        foreach (var vector in file["frontiers"]!.AsArray().Select(node => node!))
        {
            Frontier.TryDecode(vector.Bytes("bytes"), out var frontier).ShouldBeTrue();
            frontier.Count.ShouldBe(vector["heads"]!.AsArray().Count);
            frontier.Digest(TestKeys.Sodium).ShouldBe(vector.Bytes32("digest"));
        }

        var equivocation = file["equivocation"]!;
        EquivocationProof.TryDecode(equivocation.Bytes("proof"), out var proof).ShouldBeTrue();
        proof.TryVerify(TestKeys.Sodium, out var proven).ShouldBeTrue();
        proven.Device.Value.ShouldBe(equivocation.Bytes32("device"));
        proven.First[0].Id.Value.ShouldBe(equivocation.Bytes32("first"));
        proven.Second[0].Id.Value.ShouldBe(equivocation.Bytes32("second"));
    }

    // Body length and hash are not named in the vectors; BodyMatches compares them.
    private static EntryHeader HeaderOf(JsonNode vector, EntryHeader decoded) => new()
    {
        Version = vector["version"]!.GetValue<uint>(),
        Suite = vector["suite"]!.GetValue<uint>(),
        Conversation = new ConversationId(vector.Bytes32("conversation")),
        Device = new DeviceId(vector.Bytes32("device")),
        Seq = Number(vector, "seq"),
        Previous = IdOrNull(vector, "previous"),
        Parents = [.. vector["parents"]!.AsArray().Select(parent => new EntryId(Convert.FromHexString(parent!.GetValue<string>())))],
        Hlc = new HybridTimestamp(Number(vector, "hlc")),
        Depth = Number(vector, "depth"),
        Authority = vector.Bytes32("authority"),
        Kind = vector["kind"]!.GetValue<uint>(),
        Epoch = IdOrNull(vector, "epoch"),
        BodyLength = decoded.BodyLength,
        BodyHash = decoded.BodyHash,
    };

    private static ulong Number(JsonNode vector, string name) => ulong.Parse(vector.Text(name), CultureInfo.InvariantCulture);

    private static EntryId? IdOrNull(JsonNode vector, string name) => vector[name] is null ? null : new EntryId(vector.Bytes(name));
}
