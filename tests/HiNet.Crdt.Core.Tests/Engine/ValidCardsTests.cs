using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

public sealed class ValidCardsTests
{
    private readonly CountedSecrets _cryptography = new();
    private readonly ValidCards _cards;

    public ValidCardsTests() => _cards = new ValidCards(_cryptography, most: 2);

    [Fact]
    public void A_card_that_was_valid_is_not_checked_again()
    {
        var card = TestKeys.Card("alice", "phone", "Alice", 3);
        _cards.Contains(card).ShouldBeTrue();
        var checks = _cryptography.Verified;
        checks.ShouldBeGreaterThan(0);
        DeviceCard.TryDecode(card.Encode(), out var again).ShouldBeTrue();
        _cards.Contains(again).ShouldBeTrue();
        _cryptography.Verified.ShouldBe(checks);
    }

    [Fact]
    public void A_card_that_differs_in_anything_is_another_one()
    {
        var bytes = TestKeys.Card("alice", "phone", "Alice", 3).Encode();
        DeviceCard.TryDecode(bytes, out var card).ShouldBeTrue();
        _cards.Contains(card).ShouldBeTrue();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            (DeviceCard.TryDecode(flipped, out var forged) && _cards.Contains(forged)).ShouldBeFalse();
        }

        _cards.Count.ShouldBe(1);
    }

    [Fact]
    public void The_ones_found_last_are_remembered()
    {
        DeviceCard[] cards = [TestKeys.Card("alice", "phone", "Alice", 1), TestKeys.Card("bob", "laptop", "Bob", 1), TestKeys.Card("carol", "tablet", "Carol", 1)];
        cards.ShouldAllBe(card => _cards.Contains(card));
        _cards.Count.ShouldBe(2);
        var checks = _cryptography.Verified;
        _cards.Contains(cards[2]).ShouldBeTrue();
        _cards.Contains(cards[1]).ShouldBeTrue();
        _cryptography.Verified.ShouldBe(checks);
        _cards.Contains(cards[0]).ShouldBeTrue();
        _cryptography.Verified.ShouldBeGreaterThan(checks);
    }
}
