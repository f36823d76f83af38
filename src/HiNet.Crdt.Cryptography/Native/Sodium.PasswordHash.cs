using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>Argon2id (RFC 9106).</summary>
internal static unsafe partial class Sodium
{
    /// <summary>Bytes in a salt.</summary>
    internal const int SaltSize = 16;

    /// <summary><c>crypto_pwhash_ALG_ARGON2ID13</c>: version 1.3, one lane.</summary>
    internal const int Argon2id13 = 2;

    /// <summary>-1 when the memory cannot be had.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_pwhash")]
    internal static partial int PasswordHash(
        byte* key, ulong keySize, byte* passphrase, ulong passphraseSize, byte* salt, ulong operations, nuint memoryBytes, int algorithm);
}
