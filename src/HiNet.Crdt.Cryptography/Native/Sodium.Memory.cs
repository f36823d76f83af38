using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>Random bytes and guarded memory.</summary>
internal static unsafe partial class Sodium
{
    [LibraryImport(Library, EntryPoint = "randombytes_buf")]
    internal static partial void RandomBytes(byte* buffer, nuint size);

    /// <summary>Whole pages between two inaccessible ones, the data at the end of the last; filled with 0xdb; null when out of memory.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_malloc")]
    internal static partial nint Allocate(nuint size);

    /// <summary>Checks the canary, wipes, unlocks and unmaps; aborts the process after an underflow.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_free")]
    internal static partial void Free(nint pointer);

    /// <summary>-1 when the system does not allow as much locked memory. Also keeps the pages out of core dumps.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_mlock")]
    internal static partial int Lock(nint address, nuint size);
}
