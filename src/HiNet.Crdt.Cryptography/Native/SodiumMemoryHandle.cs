using System.Runtime.InteropServices;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>Owns memory of <c>sodium_malloc</c>; releasing it wipes it, also from the finalizer.</summary>
internal sealed class SodiumMemoryHandle : SafeHandle
{
    internal SodiumMemoryHandle(nuint size)
        : base(nint.Zero, ownsHandle: true)
    {
        Sodium.EnsureReady();
        var pointer = Sodium.Allocate(size);
        if (pointer == nint.Zero)
        {
            throw new InsufficientMemoryException($"The system gave no {size} bytes of guarded memory.");
        }

        SetHandle(pointer);

        // sodium_malloc locks too but does not tell whether it could; locking twice is one lock.
        IsLocked = Sodium.Lock(pointer, size) == 0;
    }

    public override bool IsInvalid => handle == nint.Zero;

    internal bool IsLocked { get; }

    protected override bool ReleaseHandle()
    {
        Sodium.Free(handle);
        return true;
    }
}
