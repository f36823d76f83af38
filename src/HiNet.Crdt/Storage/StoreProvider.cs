using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage;

/// <summary>Says where a node's data lies and opens it: what an application hands over in the options.</summary>
public abstract class StoreProvider
{
    /// <summary>Where the data lies, for people: a path, or a word such as <c>memory</c>.</summary>
    public abstract string Location { get; }

    /// <summary>
    /// Opens the store, creating it where there is none. Blocks; the time does not grow with the number of entries.
    /// One store at a time is open at a location.
    /// </summary>
    /// <exception cref="StoreException">
    /// The location is in use, cannot be written, holds something else, is damaged, or was written by another format version.
    /// </exception>
    /// <exception cref="HiNetException">A native library is missing; the message says which and how to get it.</exception>
    public abstract IEntryStore Open();

    /// <inheritdoc/>
    public override string ToString() => Location;
}
