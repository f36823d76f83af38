namespace HiNet.Crdt.Cryptography.Tests;

internal static class BitFlips
{
    /// <summary>Flips one bit, any number standing for one of them: multiplied, because generated numbers are mostly small.</summary>
    internal static void FlipBit(this byte[] bytes, int bit)
    {
        var place = (int)((uint)bit * 2_654_435_761u % (uint)(bytes.Length * 8));
        bytes[place >> 3] ^= (byte)(1 << (place & 7));
    }
}
