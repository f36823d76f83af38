using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>BLAKE2b (RFC 7693), SHA-256 and SHA-512 (FIPS 180-4).</summary>
internal static unsafe partial class Sodium
{
    /// <summary>Size of <c>crypto_generichash_state</c>, in bytes.</summary>
    internal const int Blake2bStateSize = 384;

    /// <summary>What libsodium asks of the address of that state.</summary>
    internal const int Blake2bStateAlignment = 64;

    [LibraryImport(Library, EntryPoint = "crypto_generichash")]
    internal static partial int Blake2b(byte* digest, nuint digestSize, byte* message, ulong size, byte* key, nuint keySize);

    [LibraryImport(Library, EntryPoint = "crypto_generichash")]
    [SuppressGCTransition]
    internal static partial int Blake2bShort(byte* digest, nuint digestSize, byte* message, ulong size, byte* key, nuint keySize);

    [LibraryImport(Library, EntryPoint = "crypto_generichash_init")]
    [SuppressGCTransition]
    internal static partial int Blake2bInit(byte* state, byte* key, nuint keySize, nuint digestSize);

    [LibraryImport(Library, EntryPoint = "crypto_generichash_update")]
    internal static partial int Blake2bUpdate(byte* state, byte* message, ulong size);

    [LibraryImport(Library, EntryPoint = "crypto_generichash_update")]
    [SuppressGCTransition]
    internal static partial int Blake2bUpdateShort(byte* state, byte* message, ulong size);

    [LibraryImport(Library, EntryPoint = "crypto_generichash_final")]
    [SuppressGCTransition]
    internal static partial int Blake2bFinal(byte* state, byte* digest, nuint digestSize);

    [LibraryImport(Library, EntryPoint = "crypto_hash_sha256")]
    internal static partial int Sha256(byte* digest, byte* message, ulong size);

    [LibraryImport(Library, EntryPoint = "crypto_hash_sha512")]
    internal static partial int Sha512(byte* digest, byte* message, ulong size);
}
