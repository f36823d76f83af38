using System.Security.Cryptography;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// Memory for secrets that outlive a method: outside the managed heap, so never copied by the collector; between guard
/// pages; locked into RAM and left out of core dumps where the system allows it; wiped on disposal and, failing that, by the finalizer.
/// Costs at least one locked page (4 KiB) and three more of address space, so it is for the few secrets of a home, not for one a message.
/// </summary>
/// <remarks>Disposal must not run beside a use of <see cref="Span"/>; whoever uses the span keeps this object reachable.</remarks>
public sealed class LockedMemory : IDisposable
{
    private readonly SodiumMemoryHandle _handle;

    /// <summary>Zeroed memory.</summary>
    /// <param name="length">In bytes, at least 1.</param>
    /// <exception cref="NativeLibraryMissingException">libsodium is missing.</exception>
    /// <exception cref="InsufficientMemoryException">The system has no memory left.</exception>
    public LockedMemory(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        _handle = new SodiumMemoryHandle((nuint)length);
        Span.Clear();
    }

    /// <summary>In bytes.</summary>
    public int Length { get; }

    /// <summary>
    /// False when the system's limit on locked memory (<c>ulimit -l</c>) is used up: the memory serves as well, but its pages
    /// may reach the swap space.
    /// </summary>
    public bool IsLocked => _handle.IsLocked;

    /// <summary>The bytes, until disposal.</summary>
    /// <exception cref="ObjectDisposedException">Disposed already.</exception>
    public unsafe Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return new Span<byte>((void*)_handle.DangerousGetHandle(), Length);
        }
    }

    /// <summary>Moves a secret: copies <paramref name="secret"/> and wipes it where it was.</summary>
    public static LockedMemory MoveFrom(Span<byte> secret)
    {
        var memory = CopyOf(secret);
        CryptographicOperations.ZeroMemory(secret);
        return memory;
    }

    /// <summary>Copies <paramref name="secret"/>, whose original stays the caller's to wipe.</summary>
    public static LockedMemory CopyOf(ReadOnlySpan<byte> secret)
    {
        var memory = new LockedMemory(secret.Length);
        secret.CopyTo(memory.Span);
        return memory;
    }

    /// <summary>Wipes and releases the memory. Calling it again does nothing.</summary>
    public void Dispose() => _handle.Dispose();
}
