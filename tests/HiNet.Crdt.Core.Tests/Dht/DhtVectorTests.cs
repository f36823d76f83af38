using System.Text.Json.Nodes;
using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary><c>specs/vectors/dht.json</c>, both ways.</summary>
public sealed class DhtVectorTests
{
    private const ulong Transaction = 0x0123_4567_89AB_CDEF;

    private static readonly VectorFile s_file = new("dht.json");
    private static readonly Endpoint s_short = Endpoint.Parse("192.0.2.1:4000");
    private static readonly Endpoint s_long = Endpoint.Parse("[2001:db8::1]:4000");

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(Build());

    [Fact]
    public void The_datagrams_are_read_back_and_authentic()
    {
        var file = s_file.Read();
        var pairKey = file.Bytes("pairKey");
        foreach (var vector in file["datagrams"]!.AsArray().Select(node => node!))
        {
            Datagram.TryRead(vector.Bytes("datagram"), out var datagram, out _).ShouldBeTrue();
            datagram.Transaction.ShouldBe(Transaction);
            datagram.HasMac.ShouldBe(vector["authentic"]!.GetValue<bool>());
            datagram.IsAuthentic(TestKeys.Sodium, pairKey).ShouldBe(datagram.HasMac);
            (datagram.IsQuery
                ? DatagramPayload.TryReadQuery(datagram.Kind, datagram.Payload, out _)
                : DatagramPayload.TryReadAnswer(datagram.Kind, datagram.Payload, out _)).ShouldBeTrue();
        }
    }

    private static JsonObject Build()
    {
        using var alice = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("alice's node").ToArray());
        using var bob = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("bob's node").ToArray());
        var pairKey = new byte[32];
        PeerSecrets.TryDerive(TestKeys.Sodium, alice, bob.Id.Value, pairKey).ShouldBeTrue();
        var token = ByteString.CopyFrom(TestKeys.Named("token").ToArray(), 0, TokenIssuer.Size);
        var target = CanonicalProtobuf.Field(TestKeys.Named("target"));
        var held = TestSlots.Of("target", "writer", 3, 1_800_000_000, 40);
        var slot = held.ToMessage();
        var found = new DhtAnswer
        {
            Token = token,
            Observed = Wire(s_short),
            Held = 1,
            Digest = ByteString.CopyFrom(SlotStore.Digest(TestKeys.Sodium, [held])),
        };
        found.Contacts.Add(ByteString.CopyFrom(new DhtContact(TestKeys.Signing("near").Public, s_short).Encode()));
        found.Contacts.Add(ByteString.CopyFrom(new DhtContact(TestKeys.Signing("far").Public, s_long).Encode()));
        DhtPeer[] both = [.. found.Contacts.Select(contact => DhtContact.TryDecode(contact.Span, out var read) ? DhtPeer.Of(TestKeys.Sodium, read) : null!)];
        var asking = new DhtQuery { Target = target, Known = KnownContacts.Write(TestKeys.Sodium, both, Transaction) };
        var got = new DhtAnswer();
        got.Slots.Add(slot);

        JsonObject Of(string what, NodeKeyPair sender, DatagramKind kind, byte[] payload, bool isAuthentic = true) => new()
        {
            ["what"] = what,
            ["authentic"] = isAuthentic,
            ["payload"] = Hex.Of(payload),
            ["datagram"] = Hex.Of(Datagram.Write(TestKeys.Sodium, kind, Transaction, sender.Id.Value, payload, isAuthentic ? pairKey : [])),
        };

        return new JsonObject
        {
            ["description"] = "Byte-exact vectors of specs/12-dht.md. Bytes are lower-case hex. Alice asks, Bob answers; the transaction is 0123456789abcdef.",
            ["nodes"] = new JsonArray(Node("alice's node", alice), Node("bob's node", bob)),
            ["pairKey"] = Hex.Of(pairKey),
            ["endpoints"] = new JsonArray(EndpointVector(s_short), EndpointVector(s_long)),
            ["datagrams"] = new JsonArray(
                Of("a ping to somebody unknown", alice, DatagramKind.Ping, DatagramPayload.Write(DatagramKind.Ping, new DhtQuery()), false),
                Of("its answer", bob, DatagramKind.PingAnswer, new DhtAnswer { Token = token, Observed = Wire(s_long) }.ToByteArray()),
                Of("find-node without a token", alice, DatagramKind.FindNode, DatagramPayload.Write(DatagramKind.FindNode, new DhtQuery { Target = target })),
                Of("its answer", bob, DatagramKind.FindNodeAnswer, found.ToByteArray()),
                Of("find-node of one who knows both of these, kept short", alice, DatagramKind.FindNode, DatagramPayload.Write(DatagramKind.FindNode, asking, isShort: true)),
                Of("get with a token", alice, DatagramKind.Get, DatagramPayload.Write(DatagramKind.Get, new DhtQuery { Target = target, Token = token })),
                Of("its answer", bob, DatagramKind.GetAnswer, got.ToByteArray()),
                Of("put", alice, DatagramKind.Put, DatagramPayload.Write(DatagramKind.Put, new DhtQuery { Token = token, Slot = slot })),
                Of("stored", bob, DatagramKind.PutAnswer, new DhtAnswer().ToByteArray()),
                Of("refused for its sequence number", bob, DatagramKind.PutAnswer, new DhtAnswer { Outcome = (uint)PutOutcome.SequenceReused }.ToByteArray())),
        };
    }

    private static JsonObject Node(string seed, NodeKeyPair keys) => new()
    {
        ["seed"] = TestKeys.Named(seed).ToString(),
        ["key"] = keys.Id.ToString(),
        ["id"] = DhtId.OfNode(TestKeys.Sodium, keys.Id.Value).ToString(),
    };

    private static JsonObject EndpointVector(Endpoint endpoint) => new() { ["text"] = endpoint.ToString(), ["wire"] = Hex.Of(Wire(endpoint).ToByteArray()) };

    private static ByteString Wire(Endpoint endpoint)
    {
        var bytes = new byte[endpoint.Size];
        endpoint.Write(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
