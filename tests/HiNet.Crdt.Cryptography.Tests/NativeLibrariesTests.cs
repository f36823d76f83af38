namespace HiNet.Crdt.Cryptography.Tests;

public sealed class NativeLibrariesTests
{
    [Fact]
    public void A_missing_library_is_named_with_the_way_to_get_it()
    {
        var missing = Should.Throw<NativeLibraryMissingException>(
            () => NativeLibraries.Load("libabsent", "apt-get install libabsent7", "libabsent.so.7", "libabsent.so"));
        missing.Library.ShouldBe("libabsent");
        missing.Message.ShouldBe(
            "The native library libabsent is missing or cannot be loaded; install it with 'apt-get install libabsent7' and start again.");
    }

    [Fact]
    public void A_bundled_file_that_is_no_library_counts_as_missing()
    {
        Directory.CreateDirectory(NativeLibraries.BundledFolder);
        var file = Path.Combine(NativeLibraries.BundledFolder, "libbroken-for-test.so");
        File.WriteAllText(file, "not a library");
        Should.Throw<NativeLibraryMissingException>(() => NativeLibraries.Load("libbroken", "install it", "libbroken-for-test.so"));
        File.Delete(file);
    }

    [Fact]
    public void A_library_bundled_beside_the_application_is_loaded()
    {
        SodiumCryptography.Instance.FillSecret(new byte[1]);
        var loaded = File.ReadLines("/proc/self/maps").First(line => line.Contains("libsodium", StringComparison.Ordinal));
        var folder = NativeLibraries.BundledFolder;
        var file = Path.Combine(folder, "libbundled-for-test.so");
        Directory.CreateDirectory(folder);
        File.Copy(loaded[loaded.IndexOf('/', StringComparison.Ordinal)..], file, overwrite: true);
        NativeLibraries.Load("libbundled", "install it", "libbundled-for-test.so").ShouldNotBe(nint.Zero);
        File.Delete(file);
    }

    [Fact]
    public void The_next_name_is_tried_when_the_first_is_absent() =>
        NativeLibraries.Load("libsodium", "apt-get install libsodium23", "libabsent.so", "libsodium.so.23").ShouldNotBe(nint.Zero);
}
