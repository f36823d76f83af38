using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HiNet.Crdt.Cryptography.Native;

/// <summary>
/// Owns the state of one secret stream: a slot in a locked slab. A page of its own for each stream would use up the system's
/// limit on locked memory with a few thousand links. Slabs are kept for ever and bounded by the most streams alive at once.
/// </summary>
internal sealed class StreamStateHandle : SafeHandle
{
    // A cache line, so that two streams on two cores never share one.
    private const int SlotSize = 64;
    private const int SlotsPerSlab = 64;

    private static readonly Lock s_slots = new();
    private static readonly Stack<nint> s_free = [];
    private static readonly List<SodiumMemoryHandle> s_slabs = [];

    internal StreamStateHandle()
        : base(nint.Zero, ownsHandle: true)
    {
        lock (s_slots)
        {
            if (s_free.Count == 0)
            {
                AddSlab();
            }

            SetHandle(s_free.Pop());
        }
    }

    public override bool IsInvalid => handle == nint.Zero;

    internal unsafe byte* Pointer => (byte*)handle;

    protected override unsafe bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(new Span<byte>((void*)handle, SlotSize));
        lock (s_slots)
        {
            s_free.Push(handle);
        }

        return true;
    }

    private static void AddSlab()
    {
        var slab = new SodiumMemoryHandle(SlotSize * SlotsPerSlab);
        s_slabs.Add(slab);
        var start = slab.DangerousGetHandle();
        for (var slot = 0; slot < SlotsPerSlab; slot++)
        {
            s_free.Push(start + (slot * SlotSize));
        }
    }
}
