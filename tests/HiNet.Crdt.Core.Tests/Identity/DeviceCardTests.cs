using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class DeviceCardTests
{
    [Fact]
    public void A_card_is_valid_and_read_back()
    {
        var card = TestKeys.Card("alice", "phone", "Alice", 3);
        card.IsValid(TestKeys.Sodium).ShouldBeTrue();
        DeviceCard.TryDecode(card.Encode(), out var decoded).ShouldBeTrue();
        decoded.IsValid(TestKeys.Sodium).ShouldBeTrue();
        decoded.Encode().ShouldBe(card.Encode());
        (decoded.Identity, decoded.Device, decoded.Name, decoded.LeafIndex, decoded.LeafKey)
            .ShouldBe((TestKeys.Identity("alice"), TestKeys.Device("phone"), "Alice", 3u, card.LeafKey));
    }

    [Fact]
    public void A_flipped_bit_anywhere_makes_it_invalid()
    {
        var bytes = TestKeys.Card("alice", "phone", "Alice", 3).Encode();
        Prop.ForAll(Gen.Choose(0, (bytes.Length * 8) - 1).ToArbitrary(), bit =>
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            (DeviceCard.TryDecode(flipped, out var decoded) && decoded.IsValid(TestKeys.Sodium)).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_leaf_key_of_small_order_is_invalid()
    {
        var card = DeviceCard.Create(
            TestKeys.Sodium, TestKeys.Certificate("mallory", "phone"), TestKeys.Signing("phone").SecretKey, default, 0, "Mallory");
        card.IsValid(TestKeys.Sodium).ShouldBeFalse();
    }

    [Fact]
    public void Any_bytes_are_a_card_that_encodes_to_them_or_none()
    {
        var bytes = TestKeys.Card("alice", "phone", "Alice").Encode();
        var changed = from at in Gen.Choose(0, bytes.Length - 1)
                      from value in Gen.Choose(0, 255)
                      from insert in Gen.Elements(true, false)
                      select (byte[])(insert ? [.. bytes[..at], (byte)value, .. bytes[at..]] : [.. bytes[..at], (byte)value, .. bytes[(at + 1)..]]);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(changed.ToArbitrary(), candidate =>
        {
            if (DeviceCard.TryDecode(candidate, out var card))
            {
                card.Encode().ShouldBe(candidate);
            }
        }));
    }

    [Theory]
    [InlineData("Alice", true)]
    [InlineData("Ada Lovelace", true)]
    [InlineData("李雷", true)]
    [InlineData("👩‍🚀", true)]
    [InlineData("", false)]
    [InlineData(" Alice", false)]
    [InlineData("Alice ", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u0000b", false)]
    [InlineData("a\u202eb", false)]
    [InlineData("a\u2066b", false)]
    [InlineData("a\u2028b", false)]
    public void A_name_is_one_line_that_turns_nothing_around(string name, bool isValid) => PersonName.IsValid(name).ShouldBe(isValid);

    [Fact]
    public void Half_a_surrogate_pair_is_no_name() => PersonName.IsValid("a\ud800").ShouldBeFalse();

    [Fact]
    public void A_name_has_at_most_64_bytes_not_characters()
    {
        PersonName.IsValid(new string('a', 64)).ShouldBeTrue();
        PersonName.IsValid(new string('a', 65)).ShouldBeFalse();
        PersonName.IsValid(new string('é', 32)).ShouldBeTrue();
        PersonName.IsValid(new string('é', 33)).ShouldBeFalse();
        Should.Throw<InvalidNameException>(() => TestKeys.Card("alice", "phone", new string('é', 33)));
    }

    [Fact]
    public void The_longest_card_fits_the_limit()
    {
        var certificate = TestKeys.Certificate("alice", "a", "b", "c", "d");
        var card = DeviceCard.Create(
            TestKeys.Sodium, certificate, TestKeys.Signing("d").SecretKey, TestKeys.Agreement("leaf").Public, uint.MaxValue, new string('a', 64));
        card.Encode().Length.ShouldBe(DeviceCard.MaxBytes);
    }

    [Fact]
    public void A_card_is_as_valid_as_its_certificate()
    {
        var certificate = TestKeys.Certificate("alice", "phone").Extend(TestKeys.Sodium, TestKeys.Signing("mallory").SecretKey, TestKeys.Device("laptop"));
        var card = DeviceCard.Create(
            TestKeys.Sodium, certificate, TestKeys.Signing("laptop").SecretKey, TestKeys.Agreement("leaf").Public, 0, "Alice");
        card.IsValid(TestKeys.Sodium).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a short signature")]
    [InlineData("a certificate without a step")]
    [InlineData("a short leaf key")]
    [InlineData("a name that is none")]
    public void Of_what_no_card_has_none_is_made(string fault)
    {
        var message = TestKeys.Card("alice", "phone", "Alice").ToMessage();
        switch (fault)
        {
            case "a short signature":
                message.Signature = ByteString.CopyFrom(new byte[63]);
                break;
            case "a certificate without a step":
                message.Certificate.Steps.Clear();
                break;
            case "a short leaf key":
                message.LeafKey = ByteString.CopyFrom(new byte[31]);
                break;
            case "a name that is none":
                message.Name = " Alice";
                break;
        }

        DeviceCard.TryFrom(message, out _).ShouldBe(fault.Length == 0, fault);
    }
}
