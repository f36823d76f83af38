namespace HiNet.Crdt.Cryptography;

/// <summary>A native library that the engine needs is not on this machine. The message names it and says how to get it.</summary>
public sealed class NativeLibraryMissingException : HiNetException
{
    /// <summary>Names the library, for example <c>libsodium</c>, and the command that installs it.</summary>
    public NativeLibraryMissingException(string library, string installation)
        : base($"The native library {library} is missing or cannot be loaded; install it with '{installation}' and start again.") =>
        Library = library;

    /// <summary>Names the library and keeps the error that loading it met.</summary>
    public NativeLibraryMissingException(string library, string installation, Exception innerException)
        : base($"The native library {library} is missing or cannot be loaded; install it with '{installation}' and start again.", innerException) =>
        Library = library;

    /// <summary>The library's name without prefix of path or suffix of version.</summary>
    public string Library { get; }
}
