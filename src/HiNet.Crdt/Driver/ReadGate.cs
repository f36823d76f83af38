namespace HiNet.Crdt.Driver;

/// <summary>
/// Back-pressure on links: closed while too many received bytes or signature checks wait, so that what peers send stays in
/// their own buffers. Links wait for it before each read; one read each may pass a gate that closes meanwhile.
/// </summary>
internal sealed class ReadGate
{
    /// <summary>Bytes that may wait for the machine before links stop reading: 1 MiB.</summary>
    internal const long MaximumBytes = 1 << 20;

    /// <summary>Signature checks that may wait before links stop reading: some 40 ms of work on two cores.</summary>
    internal const int MaximumChecks = 2048;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _closed;
    private long _bytes;
    private int _checks;

    /// <summary>Completed while the gate is open.</summary>
    internal Task WhenOpen => Volatile.Read(ref _closed)?.Task ?? Task.CompletedTask;

    internal void Add(long bytes, int checks)
    {
        lock (_gate)
        {
            _bytes += bytes;
            _checks += checks;
            if (_closed is null && (_bytes >= MaximumBytes || _checks >= MaximumChecks))
            {
                _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    internal void Remove(long bytes, int checks)
    {
        TaskCompletionSource? opened;
        lock (_gate)
        {
            _bytes -= bytes;
            _checks -= checks;

            // Opens at half, so that a busy node does not wake its links for every buffer.
            if (_closed is null || _bytes > MaximumBytes / 2 || _checks > MaximumChecks / 2)
            {
                return;
            }

            opened = _closed;
            _closed = null;
        }

        opened.SetResult();
    }
}
