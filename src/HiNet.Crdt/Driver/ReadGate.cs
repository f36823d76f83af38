using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Driver;

/// <summary>
/// Back-pressure on links: closed while <see cref="ReadPressure"/> says so, so that what peers send stays in their own
/// buffers. Links wait for it before each read; one read each may pass a gate that closes meanwhile.
/// </summary>
internal sealed class ReadGate
{
    private readonly Lock _gate = new();
    private readonly ReadPressure _pressure = new();

    /// <summary>Not null while the gate is closed.</summary>
    private TaskCompletionSource? _closed;

    /// <summary>Completed while the gate is open.</summary>
    internal Task WhenOpen => Volatile.Read(ref _closed)?.Task ?? Task.CompletedTask;

    internal void Add(long bytes, int checks, long unwritten = 0)
    {
        lock (_gate)
        {
            if (_pressure.Add(bytes, checks, unwritten))
            {
                _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    internal void Remove(long bytes, int checks, long unwritten = 0)
    {
        TaskCompletionSource? opened = null;
        lock (_gate)
        {
            if (_pressure.Remove(bytes, checks, unwritten))
            {
                opened = _closed;
                _closed = null;
            }
        }

        opened?.SetResult();
    }
}
