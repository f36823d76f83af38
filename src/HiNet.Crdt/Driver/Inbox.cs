using System.Buffers;
using System.Runtime.ExceptionServices;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Diagnostics;

namespace HiNet.Crdt.Driver;

/// <summary>
/// The one queue in front of the machine. Any thread posts, the driver's thread takes all there is in one go, and a wake-up
/// is paid only when that thread sleeps. Bounded at its sources: links by <see cref="ReadGate"/>, commands by the number
/// admitted at once, everything else by what the machine itself has asked for.
/// </summary>
internal sealed class Inbox(ReadGate readGate)
{
    /// <summary>What an arrival takes besides its array, about.</summary>
    private const int ArrivalBytes = 128;

    // Monitor, not Lock: the reader waits on it.
    private readonly object _gate = new();
    private readonly Queue<PendingCommand> _commands = new();
    private readonly DatagramAdmission _datagrams = new();
    private List<Arrival> _arrivals = [];
    private ExceptionDispatchInfo? _fault;
    private bool _woken;
    private bool _sleeping;
    private bool _closed;

    internal ReadGate ReadGate => readGate;

    /// <summary>True when nothing waits at this moment.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return !HasWork(room: 1);
            }
        }
    }

    internal void Post(NodeInput input)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _arrivals.Add(new Arrival(input, null));
                Pulse();
            }
        }
    }

    /// <summary>Posts a datagram, unless so many wait already that nobody would miss one more.</summary>
    internal void PostDatagram(NodeInput.DatagramReceived datagram)
    {
        lock (_gate)
        {
            if (!_closed && _datagrams.TryAdd())
            {
                _arrivals.Add(new Arrival(datagram, null));
                Pulse();
                return;
            }
        }

        NodeMetrics.Count("hinet.datagram.dropped", 1);
    }

    internal void Post(ReadOnlySpan<NodeInput> inputs)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            foreach (var input in inputs)
            {
                _arrivals.Add(new Arrival(input, null));
            }

            Pulse();
        }
    }

    /// <summary>
    /// Posts bytes in an array of the shared pool, which is given back once the machine has read them. What is held counts, the array and
    /// what is around it: whoever sends a byte at a time pays for what each takes.
    /// </summary>
    internal void PostBytes(LinkId link, byte[] rented, int length)
    {
        readGate.Add(rented.Length + ArrivalBytes, 0);
        lock (_gate)
        {
            if (!_closed)
            {
                _arrivals.Add(new Arrival(new NodeInput.BytesReceived(link, rented.AsMemory(0, length)), rented));
                Pulse();
                return;
            }
        }

        Return(rented);
    }

    /// <summary>Queues a command behind those submitted before; false when the inbox is closed.</summary>
    internal bool TryPost(PendingCommand command)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _commands.Enqueue(command);
            Pulse();
            return true;
        }
    }

    /// <summary>Makes the reader look at what does not come through this queue.</summary>
    internal void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Pulse();
        }
    }

    /// <summary>Hands a defect met on another thread to the driver's, which stops the node.</summary>
    internal void Fault(Exception exception)
    {
        lock (_gate)
        {
            _fault ??= ExceptionDispatchInfo.Capture(exception);
            Pulse();
        }
    }

    /// <summary>
    /// Takes everything posted so far and up to <paramref name="room"/> commands, waiting up to <paramref name="patience"/>
    /// for something to come. False once the inbox is closed.
    /// </summary>
    internal bool Take(ref List<Arrival> arrivals, List<PendingCommand> commands, int room, TimeSpan patience)
    {
        lock (_gate)
        {
            if (!HasWork(room) && patience > TimeSpan.Zero)
            {
                _sleeping = true;
                Monitor.Wait(_gate, patience);
                _sleeping = false;
            }

            _fault?.Throw();
            _woken = false;
            _datagrams.TakeAll();
            (arrivals, _arrivals) = (_arrivals, arrivals);
            while (commands.Count < room && _commands.TryDequeue(out var command))
            {
                commands.Add(command);
            }

            return !_closed;
        }
    }

    /// <summary>Takes nothing more. Gives back what was never handled: commands to fail, buffers to the pool.</summary>
    internal IReadOnlyList<PendingCommand> Close()
    {
        List<Arrival> dropped;
        PendingCommand[] unheard;
        lock (_gate)
        {
            _closed = true;
            dropped = _arrivals;
            _arrivals = [];
            unheard = [.. _commands];
            _commands.Clear();
            Pulse();
        }

        foreach (var arrival in dropped)
        {
            Release(arrival);
        }

        return unheard;
    }

    /// <summary>To be called once for each arrival taken, after the machine has read it.</summary>
    internal void Release(in Arrival arrival)
    {
        if (arrival.Rented is not null)
        {
            Return(arrival.Rented);
        }
    }

    private void Return(byte[] rented)
    {
        var held = rented.Length + ArrivalBytes;
        ArrayPool<byte>.Shared.Return(rented);
        readGate.Remove(held, 0);
    }

    private bool HasWork(int room) =>
        _arrivals.Count > 0 || _woken || _closed || _fault is not null || (room > 0 && _commands.Count > 0);

    private void Pulse()
    {
        if (_sleeping)
        {
            _sleeping = false;
            Monitor.Pulse(_gate);
        }
    }
}
