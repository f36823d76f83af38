using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Transport;

/// <summary>
/// What one link still has to send. The driver adds and never waits; one pump takes chunks, small ones joined, large ones as
/// they are. A peer that does not read meets the bound of <see cref="LinkBacklog"/>.
/// </summary>
internal sealed class LinkOutbox
{
    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _chunks = new();
    private readonly LinkBacklog _backlog = new();
    private bool _pumping;
    private bool _closing;

    /// <summary>False when the bytes no longer fit. After <see cref="Close"/> they are dropped.</summary>
    internal bool TryAdd(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (_closing || bytes.IsEmpty)
            {
                return true;
            }

            _chunks.Enqueue(bytes);
            return _backlog.TryAdd(bytes.Length);
        }
    }

    /// <summary>Takes nothing more; what is in goes out.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closing = true;
        }
    }

    /// <summary>True for the caller that must run the pump now; it does so until <see cref="TryTake"/> says no.</summary>
    internal bool TryStartPump(out long pending)
    {
        lock (_gate)
        {
            pending = _backlog.Pending;
            if (_pumping || (_chunks.Count == 0 && !_closing))
            {
                return false;
            }

            return _pumping = true;
        }
    }

    /// <summary>The next bytes to write, perhaps in <paramref name="scratch"/>. False ends the pump: nothing is left.</summary>
    internal bool TryTake(byte[] scratch, out ReadOnlyMemory<byte> bytes, out bool closing)
    {
        lock (_gate)
        {
            closing = _closing;
            if (!_chunks.TryDequeue(out bytes))
            {
                _pumping = false;
                return false;
            }

            if (_chunks.Count == 0 || bytes.Length >= scratch.Length / 2)
            {
                return true;
            }

            var length = 0;
            do
            {
                bytes.CopyTo(scratch.AsMemory(length));
                length += bytes.Length;
            }
            while (_chunks.TryPeek(out bytes) && bytes.Length <= scratch.Length - length && _chunks.TryDequeue(out bytes));

            bytes = scratch.AsMemory(0, length);
            return true;
        }
    }

    /// <summary>Bytes have left. Gives those that the machine is to hear of now; 0 for none.</summary>
    internal long Sent(int length)
    {
        lock (_gate)
        {
            return _backlog.Sent(length);
        }
    }
}
