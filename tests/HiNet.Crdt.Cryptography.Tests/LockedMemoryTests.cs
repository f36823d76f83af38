using System.Globalization;

namespace HiNet.Crdt.Cryptography.Tests;

public sealed class LockedMemoryTests
{
    [Fact]
    public void New_memory_is_zeroed_and_writable()
    {
        using var memory = new LockedMemory(100);
        memory.Length.ShouldBe(100);
        memory.Span.ToArray().ShouldBe(new byte[100]);
        memory.Span.Fill(7);
        memory.Span[99].ShouldBe((byte)7);
    }

    [Fact]
    public void Moving_a_secret_wipes_it_where_it_was()
    {
        var secret = new byte[] { 1, 2, 3 };
        using var memory = LockedMemory.MoveFrom(secret);
        memory.Span.ToArray().ShouldBe([1, 2, 3]);
        secret.ShouldBe(new byte[3]);
    }

    [Fact]
    public void Disposed_memory_says_so_and_may_be_disposed_again()
    {
        var memory = LockedMemory.CopyOf("secret"u8);
        memory.Dispose();
        memory.Dispose();
        Should.Throw<ObjectDisposedException>(() => memory.Span.Length);
    }

    [Fact]
    public void An_empty_secret_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new LockedMemory(0));

    /// <summary>More than an ordinary user may lock (8 MiB by default): the flag tells, and everything works on.</summary>
    [Fact]
    public void Memory_over_the_systems_limit_serves_as_well()
    {
        var memories = Enumerable.Range(0, 24).Select(_ => new LockedMemory(1 << 20)).ToArray();
        try
        {
            foreach (var memory in memories)
            {
                memory.Span.Fill(0xaa);
                memory.Span.ContainsAnyExcept((byte)0xaa).ShouldBeFalse();
            }

            memories.All(memory => memory.IsLocked).ShouldBe(MayLock(24 << 20));
        }
        finally
        {
            Array.ForEach(memories, memory => memory.Dispose());
        }
    }

    [Fact]
    public void Forgotten_memory_is_released_by_the_finalizer()
    {
        var forgotten = Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        forgotten.TryGetTarget(out _).ShouldBeFalse();
    }

    /// <summary>Whether this process may lock so much beside the little that other tests lock: by privilege or by its limit.</summary>
    private static bool MayLock(long bytes)
    {
        const int capabilityIpcLock = 14;
        var capabilities = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim();
        var limit = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max locked memory", StringComparison.Ordinal))[17..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return (Convert.ToUInt64(capabilities, 16) >> capabilityIpcLock & 1) != 0
            || limit == "unlimited"
            || long.Parse(limit, CultureInfo.InvariantCulture) > 2 * bytes;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference<LockedMemory> Forget() => new(LockedMemory.CopyOf("secret"u8));
}
