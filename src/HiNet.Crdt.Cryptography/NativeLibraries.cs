using System.Reflection;
using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// Finds native libraries. What was shipped beside the application wins over what the machine has, because it is what
/// was tested; after that the system's own search decides.
/// </summary>
public static class NativeLibraries
{
    /// <summary>
    /// Loads the first of <paramref name="fileNames"/> that can be loaded and returns its handle, which is never freed.
    /// Each name is looked for in <c>runtimes/{rid}/native/</c> under the application's folder, in that folder itself, and
    /// then wherever the system looks.
    /// </summary>
    /// <param name="library">The name for people, as in <c>libsodium</c>.</param>
    /// <param name="installation">The command that installs it, as in <c>apt-get install libsodium23</c>.</param>
    /// <param name="fileNames">File names in order of preference, as in <c>libsodium.so.23</c>.</param>
    /// <exception cref="NativeLibraryMissingException">None of them can be loaded.</exception>
    public static nint Load(string library, string installation, params ReadOnlySpan<string> fileNames)
    {
        foreach (var fileName in fileNames)
        {
            if (TryLoad(fileName, out var handle))
            {
                return handle;
            }
        }

        throw new NativeLibraryMissingException(library, installation);
    }

    /// <summary>
    /// Makes every P/Invoke of <paramref name="assembly"/> that names <paramref name="importName"/> use <paramref name="handle"/>.
    /// Once an assembly; a second call is an <see cref="InvalidOperationException"/>.
    /// </summary>
    public static void Bind(Assembly assembly, string importName, nint handle) =>
        NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == importName ? handle : nint.Zero);

    /// <summary>The folder of bundled libraries, by the portable name that packages use; the runtime's own may name a distribution.</summary>
    internal static string BundledFolder { get; } =
        Path.Combine(AppContext.BaseDirectory, "runtimes", $"{SystemName}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native");

    private static string SystemName =>
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    private static bool TryLoad(string fileName, out nint handle)
    {
        return TryLoadFile(Path.Combine(BundledFolder, fileName), out handle)
            || TryLoadFile(Path.Combine(AppContext.BaseDirectory, fileName), out handle)
            || NativeLibrary.TryLoad(fileName, typeof(NativeLibraries).Assembly, null, out handle);
    }

    private static bool TryLoadFile(string path, out nint handle)
    {
        handle = nint.Zero;
        return File.Exists(path) && NativeLibrary.TryLoad(path, out handle);
    }
}
