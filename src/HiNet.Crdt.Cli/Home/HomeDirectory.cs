namespace HiNet.Crdt.Cli.Home;

/// <summary>The folder that holds one person's device.</summary>
/// <param name="Path">Absolute, without a trailing slash.</param>
internal sealed record HomeDirectory(string Path)
{
    /// <summary>Where the store lies.</summary>
    public string StorePath => System.IO.Path.Combine(Path, "store");

    /// <summary>Held by whichever process has the home open.</summary>
    public string LockPath => System.IO.Path.Combine(Path, "lock");

    /// <summary>From the option, else <c>$HINET_HOME</c>, else <c>~/.hinet</c>.</summary>
    public static HomeDirectory Resolve(string? option, Func<string, string?> variable)
    {
        var path = option ?? variable("HINET_HOME");
        if (option is { Length: 0 })
        {
            throw new UsageException("--home needs a folder.");
        }

        if (string.IsNullOrEmpty(path))
        {
            var user = variable("HOME");
            path = System.IO.Path.Combine(
                string.IsNullOrEmpty(user) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) : user, ".hinet");
        }

        return new HomeDirectory(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
    }

    /// <summary>Makes the folder, readable by this user alone.</summary>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HiNetException($"The home {Path} cannot be made: {e.Message}", e);
        }
    }
}
