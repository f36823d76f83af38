using System.Collections.Concurrent;
using System.Diagnostics;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Storage;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Driver;

/// <summary>
/// The one thread that writes. A batch is one synced write; its answer waits in a queue of its own, which the driver looks at
/// between any two inputs, so that the disk never idles behind a long queue. Erased bodies are reclaimed when the disk has
/// a quiet moment, after <see cref="LongestWait"/> in any case, and before the node stops.
/// </summary>
internal sealed class StoreWriter
{
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly Queue<NodeEffect.Persist> _batches = new();
    private readonly ConcurrentQueue<NodeInput> _answers = new();
    private readonly IEntryStore _store;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private bool _stopping;

    internal StoreWriter(IEntryStore store, Inbox inbox, ILogger logger)
    {
        _store = store;
        _inbox = inbox;
        _logger = logger;
        _thread = new Thread(Run) { Name = "hinet store writer", IsBackground = true };
        _thread.Start();
    }

    internal void Write(NodeEffect.Persist batch)
    {
        lock (_gate)
        {
            _batches.Enqueue(batch);
            Monitor.Pulse(_gate);
        }
    }

    internal bool TryTakeAnswer(out NodeInput? answer) => _answers.TryDequeue(out answer);

    /// <summary>Writes what was handed over before, then ends the thread. May be called again.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        try
        {
            // What an earlier run erased and did not get to reclaim.
            var eraseSince = Stopwatch.GetTimestamp();
            var erases = true;
            while (TryTake(erases, out var batch))
            {
                if (batch is not null)
                {
                    eraseSince = erases ? eraseSince : Stopwatch.GetTimestamp();
                    erases |= Write(batch.Batch, batch.Writes) && batch.Writes.Erases;
                }

                if (erases && (batch is null || Stopwatch.GetElapsedTime(eraseSince) > LongestWait))
                {
                    Reclaim();
                    erases = false;
                }
            }

            if (erases)
            {
                Reclaim();
            }
        }
        catch (Exception defect)
        {
            _inbox.Fault(defect);
        }
    }

    /// <summary>The next batch, or null for a quiet moment; false when stopping with nothing left to write.</summary>
    private bool TryTake(bool erases, out NodeEffect.Persist? batch)
    {
        lock (_gate)
        {
            while (!_batches.TryDequeue(out batch))
            {
                if (_stopping)
                {
                    return false;
                }

                if (!Monitor.Wait(_gate, erases ? QuietTime : Timeout.InfiniteTimeSpan))
                {
                    return true;
                }
            }

            return true;
        }
    }

    private bool Write(long number, WriteBatch batch)
    {
        var started = Stopwatch.GetTimestamp();
        NodeInput answer;
        try
        {
            _store.Write(batch, sync: true);
            answer = new NodeInput.Persisted(number);
        }
        catch (StoreException failure)
        {
            _logger.PersistFailed(batch.Size, failure.Message, failure);
            answer = new NodeInput.PersistFailed(number, failure.Message);
        }

        _answers.Enqueue(answer);
        _inbox.Wake();
        NodeMetrics.StoreWriteDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        NodeMetrics.StoreWriteSize.Record(batch.Size);
        return answer is NodeInput.Persisted;
    }

    private void Reclaim()
    {
        try
        {
            _store.ReclaimErased();
        }
        catch (StoreException failure)
        {
            // Which keys are due is kept in the store, so the next start tries again.
            _logger.ReclaimFailed(failure.Message, failure);
        }
    }
}
