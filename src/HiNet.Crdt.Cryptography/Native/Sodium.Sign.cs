using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>Ed25519 (RFC 8032), detached.</summary>
internal static unsafe partial class Sodium
{
    [LibraryImport(Library, EntryPoint = "crypto_sign_seed_keypair")]
    internal static partial int Ed25519FromSeed(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_detached")]
    internal static partial int Sign(byte* signature, ulong* signatureSize, byte* message, ulong size, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_verify_detached")]
    internal static partial int Verify(byte* signature, byte* message, ulong size, byte* publicKey);
}
