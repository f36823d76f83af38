using System.Globalization;
using System.Text;

namespace HiNet.Crdt.Cli.Home;

/// <summary>Keeps two processes from opening one home. The system releases it when the process ends, however that comes about.</summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream _file;

    private HomeLock(FileStream file) => _file = file;

    /// <summary>The lock, or null while another process has it.</summary>
    public static HomeLock? TryAcquire(HomeDirectory home)
    {
        try
        {
            var file = new FileStream(home.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new HomeLock(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new HiNetException($"The home {home.Path} cannot be written; give this user the rights to it or use another home.", e);
        }
        catch (IOException) when (File.Exists(home.LockPath))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
