using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>Slots that everybody can read, and <c>specs/vectors/public-slots.json</c>.</summary>
public sealed class PublicSlotTests
{
    private const long Now = 1_800_000_000_123;

    private static readonly VectorFile s_file = new("public-slots.json");
    private static readonly byte[] s_phone = TestKeys.Named("phone").ToArray();

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(new JsonObject
    {
        ["description"] = "Byte-exact vectors of specs/13-records.md, \"Public slots\". Bytes are lower-case hex.",
        ["deviceSeed"] = Hex.Of(s_phone),
        ["written"] = Now,
        ["slots"] = new JsonArray(Vector("weather", "sunny"), Vector(TestKeys.Named("target").ToString().ToUpperInvariant(), "grüße 👋")),
    });

    [Fact]
    public void A_slot_is_signed_lasts_a_day_and_reads_back()
    {
        var target = PublicSlot.TargetOf(TestKeys.Sodium, "weather");
        var slot = PublicSlot.Write(TestKeys.Sodium, s_phone, target, "sunny\n☀", Now);
        (slot.Target, slot.Sequence, slot.ExpiresUnixSeconds).ShouldBe((target, (ulong)Now, 1_800_086_400));
        TestKeys.Sodium.Verify(slot.Writer.ToArray(), slot.SignedBytes(TestKeys.Sodium), slot.Signature.Span).ShouldBeTrue();
        PublicSlot.TextOf(slot).ShouldBe("sunny\n☀");
    }

    [Fact]
    public void A_device_has_one_writer_at_a_target_and_unrelated_ones_elsewhere()
    {
        var writers = new[] { "a", "b" }
            .SelectMany(key => new[] { s_phone, TestKeys.Named("laptop").ToArray() }
                .Select(seed => PublicSlot.Write(TestKeys.Sodium, seed, PublicSlot.TargetOf(TestKeys.Sodium, key), "x", Now).Writer))
            .ToList();
        writers.Distinct().Count().ShouldBe(4);
        PublicSlot.Write(TestKeys.Sodium, s_phone, PublicSlot.TargetOf(TestKeys.Sodium, "a"), "other", Now + 1).Writer.ShouldBe(writers[0]);

        var device = new byte[32];
        TestKeys.Sodium.Ed25519FromSeed(s_phone, device, new byte[64]);
        writers.ShouldNotContain(new Bytes32(device));
    }

    [Fact]
    public void A_text_takes_1_to_900_bytes()
    {
        var target = TestKeys.Named("target");
        Should.Throw<ArgumentException>(() => PublicSlot.Write(TestKeys.Sodium, s_phone, target, string.Empty, Now));
        Should.Throw<ArgumentException>(() => PublicSlot.Write(TestKeys.Sodium, s_phone, target, new string('ü', 451), Now));
        PublicSlot.Write(TestKeys.Sodium, s_phone, target, new string('ü', 450), Now).Sealed.Length.ShouldBe(900);
    }

    [Fact]
    public void A_seed_has_32_bytes_and_the_writer_s_keys_are_wiped()
    {
        var target = TestKeys.Named("target");
        Should.Throw<ArgumentException>(() => PublicSlot.Write(TestKeys.Sodium, s_phone.AsSpan(1), target, "x", Now));
        var (seed, secretKey, wipes) = (new byte[32], new byte[64], new CountedSecrets());
        PublicSlot.Write(wipes, s_phone, target, "x", Now);
        TestKeys.Sodium.Blake2bJoined(Domains.DhtWriter, target.ToArray(), seed, s_phone);
        TestKeys.Sodium.Ed25519FromSeed(seed, new byte[32], secretKey);
        wipes.ShouldHaveWiped(seed, secretKey);
        wipes.CountOf(seed).ShouldBe(2, "where it was hashed, and where it was used");
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("C3")]
    [InlineData("EDA080")]
    [InlineData("6100")]
    [InlineData("1B5B33316D")]
    public void Bytes_that_are_no_readable_text_are_shown_as_none(string bytes) => PublicSlot.TextOf(
        DhtSlot.From(TestKeys.Named("target"), TestKeys.Named("writer"), 1, 1, Convert.FromHexString(bytes), new byte[64])).ShouldBeNull();

    private static JsonObject Vector(string key, string text)
    {
        var target = PublicSlot.TargetOf(TestKeys.Sodium, key);
        var slot = PublicSlot.Write(TestKeys.Sodium, s_phone, target, text, Now);
        return new JsonObject
        {
            ["key"] = key,
            ["text"] = text,
            ["target"] = target.ToString(),
            ["writer"] = slot.Writer.ToString(),
            ["sequence"] = slot.Sequence,
            ["expires"] = slot.ExpiresUnixSeconds,
            ["slot"] = Hex.Of(slot.Encode()),
        };
    }
}
