using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage;

/// <summary>
/// Where a node keeps everything it must not lose. Reads come from any thread, at the same time as the one writer.
/// Every implementation passes the same test suite, so what is written here is what a caller may rely on:
/// <list type="bullet">
/// <item>Keys are ordered byte by byte, unsigned; a key that is the beginning of another comes first. An empty key and an empty value are both allowed.</item>
/// <item>A read that starts after <see cref="Write"/> returned sees the whole batch; one that runs meanwhile sees of a batch all or nothing.
/// Two reads, one after the other, may see two states; one scan sees one state.</item>
/// <item>After a write has failed the store stands still: every later write fails with the same sentence until the store is
/// opened again, because only then is it known what reached the disk. Reads go on.</item>
/// <item>Disposal waits for reads under way. An iterator that is still open after ten seconds is a programmer's error
/// (<see cref="InvalidOperationException"/>) and keeps the location in use until it is disposed.</item>
/// <item>After disposal every call throws <see cref="StoreException"/>; a second disposal does nothing.</item>
/// </list>
/// </summary>
public interface IEntryStore : IStoreReader, IAsyncDisposable
{
    /// <summary>Where the data lies, for people: a path, or a word such as <c>memory</c>.</summary>
    string Location { get; }

    /// <summary>
    /// Applies a batch: all of it or, when this throws, when the process is killed or the power fails, none of it.
    /// Blocks until that is settled, and is called from one thread at a time. The batch is not kept; its arrays may be,
    /// which is why they never change after they were handed over.
    /// </summary>
    /// <param name="batch">The changes in order; a later change to a key wins. An empty batch changes nothing.</param>
    /// <param name="sync">
    /// True: on return this batch and every earlier one survive a loss of power (as far as the disk keeps its own promise).
    /// False: they survive the end of the process, by whatever signal, and become durable with the next synced batch.
    /// </param>
    /// <exception cref="StoreException">The disk is full or failing, the store is damaged, closed, or stands still after an earlier failure.</exception>
    void Write(WriteBatch batch, bool sync);

    /// <summary>
    /// Makes the bytes of every value that <see cref="WriteBatch.Erase"/> had replaced before leave the store's files: afterwards no file
    /// of the store holds them, except what an iterator opened earlier still pins, which goes when that is disposed.
    /// Which keys are due is remembered durably, so a node calls this after erasing and once after opening, and a crash in
    /// between loses nothing. Costs a rewrite of the files that hold the keys; free when nothing is due. Writes go on beside it,
    /// from their own thread: what they erase is due again. Called from one thread at a time. Deleted is not overwritten: what a file system or a flash disk keeps of freed blocks is not reached,
    /// which is one reason why bodies are stored as ciphertext.
    /// </summary>
    /// <exception cref="StoreException">As for <see cref="Write"/>.</exception>
    void ReclaimErased();

    /// <summary>Sizes for operators. Cheap enough for every few seconds; safe from any thread.</summary>
    /// <exception cref="StoreException">The store is closed.</exception>
    StoreStatistics GetStatistics();
}
