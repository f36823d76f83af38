using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace HiNet.Crdt.LocalApi;

/// <summary>
/// Where a home's running node is reached. Server and client find the path from the home alone: <c>node.sock</c> in the home, or,
/// where that path is longer than a socket address holds, in a private folder of <c>/tmp</c> that is named by a hash of the home.
/// </summary>
public static class LocalSocket
{
    // socket(7): who has the other end of a Unix socket, as process, user and group.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int UserAt = 4;
    private const int CredentialsSize = 12;

    /// <summary>The longest path that fits into <c>sockaddr_un</c> (108 bytes with the terminating zero; unix(7)).</summary>
    public const int LongestPath = 107;

    private const string FileName = "node.sock";

    private const string Fallback = "/tmp/hinet-";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The socket's path for a home.</summary>
    public static string PathFor(string home)
    {
        ArgumentException.ThrowIfNullOrEmpty(home);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));
        var path = Path.Combine(full, FileName);
        if (Encoding.UTF8.GetByteCount(path) <= LongestPath)
        {
            return path;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)).AsSpan(0, 8));
        return $"{Fallback}{hash}/{FileName}";
    }

    /// <summary>Makes the folder of the socket where there is none, for this user only, and removes a socket that a killed process left.</summary>
    /// <remarks>To be called by whoever holds the home's store and so is the only one to listen.</remarks>
    /// <exception cref="LocalApiException">The folder belongs to someone else.</exception>
    public static void Prepare(string path)
    {
        EnsureFolder(path);
        File.Delete(path);
    }

    /// <summary>Connects, or returns null when nobody listens there.</summary>
    /// <exception cref="LocalApiException">The socket's folder belongs to someone else, or another user listens there.</exception>
    public static async Task<Socket?> TryConnectAsync(string path, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        EnsureFolder(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return !OperatingSystem.IsLinux() || IsServedBy(socket, UserOfProcess())
                ? socket
                : throw new LocalApiException(503, $"Another user listens on {path}; check who made its folder, and remove it.");
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether a user's process has the other end. A folder's mode does not say so to root, who may change anybody's.</summary>
    internal static bool IsServedBy(Socket socket, uint user)
    {
        Span<byte> credentials = stackalloc byte[CredentialsSize];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == CredentialsSize
            && BinaryPrimitives.ReadUInt32LittleEndian(credentials[UserAt..]) == user;
    }

    /// <summary>The effective user of this process, as Linux tells it (proc(5), "status"): the second number behind <c>Uid:</c>.</summary>
    internal static uint UserOfProcess() => uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2],
        NumberStyles.None,
        CultureInfo.InvariantCulture);

    private static void EnsureFolder(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder, Private);
            if (folder.StartsWith(Fallback, StringComparison.Ordinal))
            {
                // Anyone may make folders in /tmp, and links. That its mode can be changed proves whose it is: only the owner may.
                if (new DirectoryInfo(folder).LinkTarget is not null)
                {
                    throw new IOException("It is a link.");
                }

                File.SetUnixFileMode(folder, Private);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new LocalApiException(503, $"The folder {folder} is not this user's own; check who made it, and remove it.", e);
        }
    }
}
