using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>
/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) and ChaCha20-Poly1305 (RFC 8439). The tag follows the ciphertext;
/// a plaintext may be sealed or opened in place. The parameter <c>unused</c> is one of libsodium's and always null.
/// </summary>
internal static unsafe partial class Sodium
{
    /// <summary>Bytes that sealing adds.</summary>
    internal const int TagSize = 16;

    /// <summary>Bytes in a key of either AEAD and of a secret stream.</summary>
    internal const int KeySize = 32;

    /// <summary>Bytes in a nonce of XChaCha20-Poly1305.</summary>
    internal const int XChaChaNonceSize = 24;

    /// <summary>Bytes in a nonce of ChaCha20-Poly1305.</summary>
    internal const int ChaChaNonceSize = 12;

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_encrypt")]
    internal static partial int SealXChaCha(byte* sealedText, ulong* sealedSize, byte* plaintext, ulong size, byte* associated, ulong associatedSize, byte* unused, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_encrypt")]
    [SuppressGCTransition]
    internal static partial int SealXChaChaShort(byte* sealedText, ulong* sealedSize, byte* plaintext, ulong size, byte* associated, ulong associatedSize, byte* unused, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_decrypt")]
    internal static partial int OpenXChaCha(byte* plaintext, ulong* size, byte* unused, byte* sealedText, ulong sealedSize, byte* associated, ulong associatedSize, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_decrypt")]
    [SuppressGCTransition]
    internal static partial int OpenXChaChaShort(byte* plaintext, ulong* size, byte* unused, byte* sealedText, ulong sealedSize, byte* associated, ulong associatedSize, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_encrypt")]
    internal static partial int SealChaCha(byte* sealedText, ulong* sealedSize, byte* plaintext, ulong size, byte* associated, ulong associatedSize, byte* unused, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_encrypt")]
    [SuppressGCTransition]
    internal static partial int SealChaChaShort(byte* sealedText, ulong* sealedSize, byte* plaintext, ulong size, byte* associated, ulong associatedSize, byte* unused, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_decrypt")]
    internal static partial int OpenChaCha(byte* plaintext, ulong* size, byte* unused, byte* sealedText, ulong sealedSize, byte* associated, ulong associatedSize, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_decrypt")]
    [SuppressGCTransition]
    internal static partial int OpenChaChaShort(byte* plaintext, ulong* size, byte* unused, byte* sealedText, ulong sealedSize, byte* associated, ulong associatedSize, byte* nonce, byte* key);
}
