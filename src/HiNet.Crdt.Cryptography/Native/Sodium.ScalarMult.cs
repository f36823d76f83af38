using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>X25519 (RFC 7748) and scalar multiplication on Ed25519's curve.</summary>
internal static unsafe partial class Sodium
{
    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_base")]
    internal static partial int X25519Public(byte* publicKey, byte* secretKey);

    /// <summary>-1 when the result is zero, as it is for a point of small order.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_scalarmult")]
    internal static partial int X25519(byte* shared, byte* secretKey, byte* publicKey);

    /// <summary>-1 when the point is malformed, of small order or outside the main subgroup, or when the result is the identity.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_ed25519_noclamp")]
    internal static partial int Ed25519NoClamp(byte* result, byte* scalar, byte* point);

    /// <summary>-1 when the scalar is a multiple of the group's order.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_ed25519_base_noclamp")]
    internal static partial int Ed25519BaseNoClamp(byte* result, byte* scalar);

    /// <summary>64 bytes, little-endian, modulo the group's order.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_reduce")]
    internal static partial void ScalarReduce(byte* result, byte* wide);

    /// <summary>Product modulo the group's order.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_mul")]
    internal static partial void ScalarMultiply(byte* result, byte* left, byte* right);

    /// <summary>Sum modulo the group's order.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_add")]
    internal static partial void ScalarAdd(byte* result, byte* left, byte* right);
}
