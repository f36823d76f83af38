using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace HiNet.Crdt.Abstractions.Tests;

public class Bytes32Tests
{
    private static readonly Arbitrary<byte[]> Contents = ArbMap.Default.GeneratorFor<byte>().ArrayOf(Bytes32.Size).ToArbitrary();

    [Fact]
    public void Bytes_come_back_as_they_went_in() => Prop.ForAll(Contents, bytes =>
    {
        var value = new Bytes32(bytes);
        value.ToArray().ShouldBe(bytes);
        Bytes32.TryParse(value.ToString(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(value);
        parsed.GetHashCode().ShouldBe(value.GetHashCode());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_is_that_of_the_unsigned_bytes_and_of_the_hex_digits() => Prop.ForAll(Contents, Contents, (left, right) =>
    {
        var (a, b) = (new Bytes32(left), new Bytes32(right));
        Math.Sign(a.CompareTo(b)).ShouldBe(Math.Sign(left.AsSpan().SequenceCompareTo(right)));
        Math.Sign(a.CompareTo(b)).ShouldBe(Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())));
        (a == b).ShouldBe(left.AsSpan().SequenceEqual(right));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_byte_counts_in_equality_and_order()
    {
        for (var index = 0; index < Bytes32.Size; index++)
        {
            var bytes = new byte[Bytes32.Size];
            bytes[index] = 0x80;
            var value = new Bytes32(bytes);
            value.ShouldNotBe(default);
            value.IsZero.ShouldBeFalse();
            value.CompareTo(default).ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Another_length_is_a_programmers_error(int length) =>
        Should.Throw<ArgumentException>(() => new Bytes32(new byte[length])).Message.ShouldContain("32");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(" 000000000000000000000000000000000000000000000000000000000000000")]
    public void Malformed_text_is_refused(string? text)
    {
        Bytes32.TryParse(text, out var value).ShouldBeFalse();
        value.ShouldBe(default);
    }

    [Fact]
    public void Hex_digits_of_either_case_are_read()
    {
        Bytes32.TryParse(new string('A', 64), out var value).ShouldBeTrue();
        value.ToString().ShouldBe(new string('a', 64));
    }

    [Fact]
    public void Ids_that_differ_little_or_cancel_out_fall_apart_in_a_table()
    {
        // Whatever a peer makes up: numbers in one word each, and words that cancel each other.
        var ids = new List<Bytes32>();
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[Bytes32.Size];
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), i);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), i);
            ids.Add(new Bytes32(bytes));
        }

        // By chance two of them may meet: one such pair in a hundred runs, five in none.
        ids.Select(id => id.GetHashCode()).Distinct().Count().ShouldBeGreaterThan(9_995);
        ids.Select(id => new Bytes32(id.ToArray()).GetHashCode()).ShouldBe(ids.Select(id => id.GetHashCode()));
    }
}
