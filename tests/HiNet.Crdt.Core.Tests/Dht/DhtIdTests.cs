using System.Numerics;
using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DhtIdTests
{
    private static readonly ulong[] s_words = [0, 1, ulong.MaxValue];

    // Ids that differ in any of their four words, and in none.
    private static readonly (DhtId Id, BigInteger Number)[] s_ids =
    [
        .. from a in s_words from b in s_words from c in s_words from d in s_words
           let id = new DhtId(a, b, c, d)
           select (id, Number(id)),
    ];

    [Fact]
    public void Order_and_equality_are_those_of_the_numbers()
    {
        foreach (var (left, number) in s_ids)
        {
            foreach (var (right, other) in s_ids)
            {
                Math.Sign(left.CompareTo(right)).ShouldBe(number.CompareTo(other));
                left.Equals(right).ShouldBe(number == other);
                left.Equals((object)right).ShouldBe(number == other);
                (left == right).ShouldBe(number == other);
                (left != right).ShouldBe(number != other);
            }
        }
    }

    [Fact]
    public void Distances_are_compared_by_every_word()
    {
        foreach (var (from, start) in s_ids.Where((_, i) => i % 10 == 0))
        {
            foreach (var (left, number) in s_ids)
            {
                foreach (var (right, other) in s_ids)
                {
                    Math.Sign(from.CompareDistances(left, right)).ShouldBe((start ^ number).CompareTo(start ^ other));
                }
            }
        }
    }

    [Theory]
    [InlineData(0UL, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 0UL)]
    public void Behind_the_prefix_and_the_one_bit_that_differs_every_bit_is_a_drawn_one(ulong own, ulong drawn)
    {
        var id = new DhtId(own, own, own, own);
        for (var prefix = 0; prefix < DhtId.Bits; prefix++)
        {
            var bits = Bits(id.WithPrefix(prefix, new DhtId(drawn, drawn, drawn, drawn)));
            bits.ShouldBe(string.Concat(new string(Bit(own), prefix), new string(Bit(drawn), DhtId.Bits - prefix)));
        }
    }

    [Fact]
    public void The_bit_behind_the_prefix_is_the_other_one_even_where_the_same_was_drawn()
    {
        var id = new DhtId(0, 0, 0, 0);
        for (var prefix = 0; prefix < DhtId.Bits; prefix++)
        {
            Bits(id.WithPrefix(prefix, id)).ShouldBe(string.Concat(new string('0', prefix), "1", new string('0', DhtId.Bits - prefix - 1)));
        }
    }

    private static char Bit(ulong word) => word == 0 ? '0' : '1';

    private static string Bits(DhtId id) => string.Concat(id.Value.ToArray().Select(value => $"{value:b8}"));

    private static BigInteger Number(DhtId id) => new(id.Value.ToArray(), isUnsigned: true, isBigEndian: true);
}
