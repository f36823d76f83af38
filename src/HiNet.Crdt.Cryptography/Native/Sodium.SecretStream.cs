using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>secretstream: a sequence of XChaCha20-Poly1305 messages that authenticate in their order only.</summary>
internal static unsafe partial class Sodium
{
    /// <summary>Size of <c>crypto_secretstream_xchacha20poly1305_state</c>, in bytes.</summary>
    internal const int StreamStateSize = 52;

    /// <summary>Bytes in a stream's header.</summary>
    internal const int StreamHeaderSize = 24;

    /// <summary>Bytes that a push adds: the encrypted tag byte and the authenticator.</summary>
    internal const int StreamOverhead = 17;

    /// <summary>The tag of every message in our streams, TAG_MESSAGE.</summary>
    internal const byte StreamTagMessage = 0;

    [LibraryImport(Library, EntryPoint = "crypto_secretstream_xchacha20poly1305_init_push")]
    internal static partial int StreamInitPush(byte* state, byte* header, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_secretstream_xchacha20poly1305_init_pull")]
    internal static partial int StreamInitPull(byte* state, byte* header, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_secretstream_xchacha20poly1305_push")]
    internal static partial int StreamPush(
        byte* state, byte* sealedText, ulong* sealedSize, byte* plaintext, ulong size, byte* associated, ulong associatedSize, byte tag);

    [LibraryImport(Library, EntryPoint = "crypto_secretstream_xchacha20poly1305_pull")]
    internal static partial int StreamPull(
        byte* state, byte* plaintext, ulong* size, byte* tag, byte* sealedText, ulong sealedSize, byte* associated, ulong associatedSize);
}
