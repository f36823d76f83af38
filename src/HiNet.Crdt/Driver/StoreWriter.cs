using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Storage;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Driver;

/// <summary>
/// The thread that writes. A batch is one synced write; its answer waits in a queue of its own, which the driver looks at
/// between any two inputs, so that the disk never idles behind a long queue. Erased bodies are reclaimed when the disk has
/// a quiet moment, after <see cref="LongestWait"/> in any case, and before the node stops. A node with one small thing to do
/// may write it itself, which saves waking this thread and being woken by it: half the time of a short synced write.
/// </summary>
internal sealed class StoreWriter
{
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>A disk that took longer than this the last time could hold the driver up.</summary>
    private static readonly TimeSpan QuickWrite = TimeSpan.FromMilliseconds(2);

    /// <summary>One entry makes some seven changes.</summary>
    private const int FewChanges = 16;

    private readonly object _gate = new();
    private readonly Lock _writing = new();
    private readonly Queue<NodeEffect.Persist> _batches = new();
    private readonly ConcurrentQueue<NodeInput> _answers = new();
    private readonly IEntryStore _store;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private long _lastTicks = long.MaxValue;
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

    /// <summary>
    /// Writes on the caller's thread, if the batch is small, the disk was quick the last time, and this writer has nothing to
    /// do. Nothing else may have been handed over since the last answer.
    /// </summary>
    internal bool TryWriteNow(NodeEffect.Persist batch, [NotNullWhen(true)] out NodeInput? answer)
    {
        answer = null;
        if (batch.Writes.Changes.Count > FewChanges || batch.Writes.Erases
            || Volatile.Read(ref _lastTicks) > QuickWrite.Ticks || !_writing.TryEnter())
        {
            return false;
        }

        try
        {
            answer = WriteToStore(batch);
            return true;
        }
        finally
        {
            _writing.Exit();
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
                    erases |= WriteAndAnswer(batch) && batch.Writes.Erases;
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

    private bool WriteAndAnswer(NodeEffect.Persist batch)
    {
        NodeInput answer;
        lock (_writing)
        {
            answer = WriteToStore(batch);
        }

        _answers.Enqueue(answer);
        _inbox.Wake();
        return answer is NodeInput.Persisted;
    }

    private NodeInput WriteToStore(NodeEffect.Persist batch)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            _store.Write(batch.Writes, sync: true);
            return new NodeInput.Persisted(batch.Batch);
        }
        catch (StoreException failure)
        {
            _logger.PersistFailed(batch.Writes.Size, failure.Message, failure);
            return new NodeInput.PersistFailed(batch.Batch, failure.Message);
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            Volatile.Write(ref _lastTicks, elapsed.Ticks);
            NodeMetrics.StoreWriteDuration.Record(elapsed.TotalSeconds);
            NodeMetrics.StoreWriteSize.Record(batch.Writes.Size);
        }
    }

    private void Reclaim()
    {
        try
        {
            lock (_writing)
            {
                _store.ReclaimErased();
            }
        }
        catch (StoreException failure)
        {
            // Which keys are due is kept in the store, so the next start tries again.
            _logger.ReclaimFailed(failure.Message, failure);
        }
    }
}
