using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>A tmpfs of a given size, unmounted with the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    internal static bool TryMount(string path, int megabytes, [NotNullWhen(true)] out SmallDisk? disk)
    {
        disk = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path) ? new SmallDisk(path) : null;
        return disk is not null;
    }

    internal void Resize(int megabytes) => Run("mount", "-o", $"remount,size={megabytes}m", _path).ShouldBeTrue();

    internal void MakeReadOnly() => Run("mount", "-o", "remount,ro", _path).ShouldBeTrue();

    public void Dispose() => Run("umount", _path).ShouldBeTrue();

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
