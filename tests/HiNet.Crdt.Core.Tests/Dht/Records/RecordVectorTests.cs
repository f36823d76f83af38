using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht.Records;

/// <summary><c>specs/vectors/records.json</c>, both ways.</summary>
public sealed class RecordVectorTests
{
    private static readonly VectorFile s_file = new("records.json");

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(Build());

    [Fact]
    public void The_slots_open_as_they_stand()
    {
        foreach (var vector in s_file.Read()["records"]!.AsArray().Select(node => node!))
        {
            var secret = Secret(vector.Text("origin"), (RecordKind)vector["kind"]!.GetValue<int>(), vector.Bytes32("secret"));
            var keys = RendezvousKeys.Derive(TestKeys.Sodium, secret, new RecordPeriod(vector["period"]!.GetValue<long>()));
            DhtSlot.TryDecode(vector.Bytes("slot"), out var slot).ShouldBeTrue();
            var opened = RecordReader.Open(TestKeys.Sodium, keys, slot, vector["written"]!.GetValue<long>());
            opened.Problem.ShouldBe(RecordProblem.None);
            (opened.Contact?.Encode() ?? opened.Card!.Encode()).ShouldBe(vector.Bytes("text"));
            opened.WrittenUnixMilliseconds.ShouldBe(vector["written"]!.GetValue<long>());
        }
    }

    private static JsonObject Build() => new()
    {
        ["description"] = "Byte-exact vectors of specs/13-records.md. Bytes are lower-case hex, times Unix milliseconds.",
        ["conversation"] = TestKeys.Named("team").ToString(),
        ["deviceSeed"] = TestKeys.Named("phone").ToString(),
        ["records"] = new JsonArray(
            Record("epoch", RecordKind.Contact, false),
            Record("pair", RecordKind.Contact, false),
            Record("pair", RecordKind.Contact, true),
            Record("pair", RecordKind.Prekeys, false),
            Record("invite", RecordKind.Contact, false)),
    };

    private static JsonObject Record(string origin, RecordKind kind, bool nextPeriod)
    {
        var value = TestKeys.Named($"{origin} secret");
        var secret = Secret(origin, kind, value);
        var schedule = new RecordSchedule(TestKeys.Sodium, secret);
        var period = schedule.PeriodAt(RecordScene.Now);
        var written = RecordScene.Now;
        if (nextPeriod)
        {
            period = period.Next;
            written = schedule.StartOf(period) - 1;
        }

        var keys = RendezvousKeys.Derive(TestKeys.Sodium, secret, period);
        var factor = new byte[32];
        var mask = keys.DeriveDevice(TestKeys.Sodium, RecordScene.Contact.Device, factor);
        var slot = kind == RecordKind.Contact
            ? RecordWriter.Write(TestKeys.Sodium, keys, RecordScene.PhoneKey, RecordScene.Contact, written)
            : RecordWriter.Write(TestKeys.Sodium, keys, RecordScene.PhoneKey, RecordScene.Card, written);
        return new JsonObject
        {
            ["origin"] = origin,
            ["kind"] = (int)kind,
            ["secret"] = value.ToString(),
            ["period"] = period.Number,
            ["start"] = schedule.StartOf(period),
            ["target"] = keys.Target.ToString(),
            ["sealingKey"] = Hex.Of(keys.SealingKey.ToArray()),
            ["nonceKey"] = Hex.Of(keys.NonceKey.ToArray()),
            ["factor"] = Hex.Of(factor),
            ["mask"] = mask,
            ["writer"] = slot.Writer.ToString(),
            ["written"] = written,
            ["sequence"] = slot.Sequence,
            ["expires"] = slot.ExpiresUnixSeconds,
            ["text"] = Hex.Of(kind == RecordKind.Contact ? RecordScene.Contact.Encode() : RecordScene.Card.Encode()),
            ["signedBytes"] = Hex.Of(slot.SignedBytes(TestKeys.Sodium)),
            ["slot"] = Hex.Of(slot.Encode()),
        };
    }

    private static RendezvousSecret Secret(string origin, RecordKind kind, Bytes32 value) => origin switch
    {
        "epoch" => RendezvousSecret.OfEpoch(TestKeys.Sodium, new ConversationId(TestKeys.Named("team")), value, kind),
        "pair" => RendezvousSecret.OfPair(TestKeys.Sodium, value, kind),
        _ => RendezvousSecret.OfInvite(TestKeys.Sodium, value, kind),
    };
}
