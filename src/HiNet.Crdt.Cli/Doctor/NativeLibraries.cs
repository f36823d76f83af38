using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cli.Doctor;

/// <summary>The libraries that the engine loads, and what to do when one is missing.</summary>
internal static class NativeLibraries
{
    public static IReadOnlyList<(string Name, string[] Files, string Package)> All { get; } =
    [
        ("libsodium", ["libsodium.so.23", "libsodium"], "libsodium23"),
        ("rocksdb", ["librocksdb.so.7.8", "librocksdb.so"], "librocksdb7.8"),
    ];

    /// <summary>Which of the file names the system finds, or null.</summary>
    public static string? Find(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, typeof(NativeLibraries).Assembly, null, out _))
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>True when the error, or one below it, is a library that could not be loaded.</summary>
    public static bool IsMissing(Exception error, [NotNullWhen(true)] out string? sentence)
    {
        sentence = null;
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is DllNotFoundException)
            {
                var known = All.FirstOrDefault(l => e.Message.Contains(l.Name, StringComparison.OrdinalIgnoreCase));
                sentence = known.Name is null
                    ? $"A native library is missing: {e.Message}"
                    : $"The native library {known.Name} is missing; on Debian 12 get it with 'apt-get install {known.Package}'.";
                return true;
            }
        }

        return false;
    }
}
