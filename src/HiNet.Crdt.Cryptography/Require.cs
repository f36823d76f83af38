using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace HiNet.Crdt.Cryptography;

/// <summary>Checks of sizes before pointers go to native code, where a wrong one would be read or written past its end.</summary>
internal static class Require
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Size(ReadOnlySpan<byte> bytes, int size, [CallerArgumentExpression(nameof(bytes))] string? name = null)
    {
        if (bytes.Length != size)
        {
            ThrowSize(bytes.Length, size, name);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Size(ReadOnlySpan<byte> bytes, int minimum, int maximum, [CallerArgumentExpression(nameof(bytes))] string? name = null)
    {
        if ((uint)(bytes.Length - minimum) > (uint)(maximum - minimum))
        {
            ThrowRange(bytes.Length, minimum, maximum, name);
        }
    }

    /// <summary><paramref name="sealedText"/> is longer than <paramref name="plaintext"/> by exactly <paramref name="overhead"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Overhead(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> sealedText, int overhead)
    {
        if (sealedText.Length - plaintext.Length != overhead)
        {
            ThrowOverhead(plaintext.Length, sealedText.Length, overhead);
        }
    }

    /// <summary>Apart from each other, or in the same place from the first byte on; anything else would be overwritten before it is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ApartOrInPlace(ReadOnlySpan<byte> input, ReadOnlySpan<byte> output)
    {
        if (input.Overlaps(output, out var offset) && offset != 0)
        {
            ThrowOverlap();
        }
    }

    /// <summary>Without a byte in common.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Apart(ReadOnlySpan<byte> input, ReadOnlySpan<byte> output)
    {
        if (input.Overlaps(output))
        {
            ThrowOverlap();
        }
    }

    /// <summary>libsodium fails these calls only on sizes, which were checked; a result that was never written must not be used all the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Done(int result)
    {
        if (result != 0)
        {
            ThrowFailed();
        }
    }

    [DoesNotReturn]
    private static void ThrowFailed() =>
        throw new InvalidOperationException("libsodium refused arguments that were checked.");

    [DoesNotReturn]
    private static void ThrowSize(int actual, int size, string? name) =>
        throw new ArgumentException($"Expected {size} bytes, got {actual}.", name);

    [DoesNotReturn]
    private static void ThrowRange(int actual, int minimum, int maximum, string? name) =>
        throw new ArgumentException($"Expected {minimum} to {maximum} bytes, got {actual}.", name);

    [DoesNotReturn]
    [SuppressMessage("Usage", "CA2208", Justification = "The names are those of every caller's parameters.")]
    private static void ThrowOverhead(int plaintext, int sealedText, int overhead) =>
        throw new ArgumentException($"Expected {plaintext + overhead} bytes for a plaintext of {plaintext}, got {sealedText}.", nameof(sealedText));

    [DoesNotReturn]
    private static void ThrowOverlap() =>
        throw new ArgumentException("Input and output overlap.");
}
