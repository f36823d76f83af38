using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>
/// libsodium 1.0.18 or later, as it stands: pointers in, 0 or -1 out. Nothing here checks a size; callers do.
/// Calls marked <c>SuppressGCTransition</c> take well under a microsecond, never block and never call back; where the time depends
/// on a length there are two bindings, and the short one is for at most <see cref="ShortInput"/> bytes.
/// </summary>
internal static unsafe partial class Sodium
{
    /// <summary>Input that BLAKE2b or an AEAD gets through in about half a microsecond, in bytes.</summary>
    internal const int ShortInput = 256;

    private const string Library = "libsodium";

    private static readonly Lock s_loading = new();
    private static bool s_bound;
    private static volatile bool s_ready;

    /// <summary>Loads and initialises the library, once a process. Constructors call it, so that every later P/Invoke finds its target.</summary>
    /// <exception cref="NativeLibraryMissingException">The library is missing or does not start.</exception>
    internal static void EnsureReady()
    {
        if (!s_ready)
        {
            Load();
        }
    }

    private static void Load()
    {
        const string installation = "apt-get install libsodium23";
        lock (s_loading)
        {
            if (s_ready)
            {
                return;
            }

            var handle = NativeLibraries.Load(Library, installation, "libsodium.so.23", "libsodium.so", "libsodium");
            if (!s_bound)
            {
                NativeLibraries.Bind(typeof(Sodium).Assembly, Library, handle);
                s_bound = true;
            }

            // Its own answer is 0 the first time, 1 when another library of the process has called it already.
            if (sodium_init() < 0)
            {
                throw new NativeLibraryMissingException(Library, installation);
            }

            s_ready = true;
        }
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();
}
