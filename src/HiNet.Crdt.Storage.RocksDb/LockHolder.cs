using System.Runtime.InteropServices;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>Asks the kernel who holds a POSIX record lock (<c>fcntl(2)</c>, F_GETLK).</summary>
internal static partial class LockHolder
{
    private const int GetLock = 5;
    private const short WriteLock = 1;

    /// <summary>
    /// The holder's process id, or null when it is not known (it has ended, or lives in another container).
    /// Never for a file that this process has locked: closing any descriptor of it would drop that lock.
    /// </summary>
    internal static int? Find(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var request = new RecordLock { Type = WriteLock };
            return Control(file, GetLock, ref request) == 0 && request.ProcessId > 0 ? request.ProcessId : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeHandle file, int command, ref RecordLock request);

    /// <summary><c>struct flock</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RecordLock
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int ProcessId;
    }
}
