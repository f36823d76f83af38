using System.Numerics;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

public sealed class Sum256Tests
{
    private static readonly BigInteger s_modulus = BigInteger.One << 256;

    private static readonly BigInteger[] s_numbers =
    [
        .. new[] { 0, 1, 2, 63, 64, 65, 127, 128, 191, 192, 255 }.Select(bits => BigInteger.One << bits),
        .. new[] { 64, 128, 192, 256 }.Select(bits => (BigInteger.One << bits) - 1),
        BigInteger.Zero,
        .. Enumerable.Range(0, 8).Select(i => Number(Generators.Drawn(i).ToArray())),
    ];

    [Fact]
    public void Adding_and_taking_away_are_those_of_numbers_modulo_2_to_the_256()
    {
        foreach (var left in s_numbers)
        {
            foreach (var right in s_numbers)
            {
                var sum = new Sum256(Bytes(left));
                sum.Add(Bytes(right));
                sum.ToArray().ShouldBe(Bytes((left + right) % s_modulus));

                var difference = new Sum256(Bytes(left));
                difference.Subtract(Bytes(right));
                difference.ToArray().ShouldBe(Bytes((left - right + s_modulus) % s_modulus));
            }
        }
    }

    private static BigInteger Number(byte[] littleEndian) => new(littleEndian, isUnsigned: true);

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        number.ToByteArray(isUnsigned: true).CopyTo(bytes, 0);
        return bytes;
    }
}
