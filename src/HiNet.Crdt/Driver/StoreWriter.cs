using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Storage;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Driver;

/// <summary>
/// The thread that writes. A batch is one synced write; its answer waits in a queue of its own, which the driver looks at
/// between any two inputs, so that the disk never idles behind a long queue. Erased bodies are reclaimed beside it
/// (<see cref="StoreReclaimer"/>). A node with one small thing to do may write it itself (<see cref="DirectWrites"/>).
/// </summary>
internal sealed class StoreWriter
{
    private readonly object _gate = new();
    private readonly Lock _writing = new();
    private readonly Queue<NodeEffect.Persist> _batches = new();
    private readonly ConcurrentQueue<NodeInput> _answers = new();
    private readonly IEntryStore _store;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly DriverClock _clock = new(TimeProvider.System);
    private readonly StoreReclaimer _reclaimer;

    /// <summary>Within <see cref="_writing"/>.</summary>
    private readonly DirectWrites _direct = new();
    private bool _stopping;

    internal StoreWriter(IEntryStore store, Inbox inbox, ILogger logger)
    {
        _store = store;
        _inbox = inbox;
        _logger = logger;
        _reclaimer = new StoreReclaimer(store, _clock, inbox, logger);
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
    /// Writes on the caller's thread, if <see cref="DirectWrites"/> allows it and this writer has nothing to do. Nothing else may have been handed over since the last answer.
    /// </summary>
    internal bool TryWriteNow(NodeEffect.Persist batch, [NotNullWhen(true)] out NodeInput? answer)
    {
        answer = null;
        if (!_writing.TryEnter())
        {
            return false;
        }

        try
        {
            if (!_direct.Allow(batch.Writes))
            {
                return false;
            }

            answer = WriteToStore(batch);
            return true;
        }
        finally
        {
            _writing.Exit();
        }
    }

    internal bool TryTakeAnswer(out NodeInput? answer) => _answers.TryDequeue(out answer);

    /// <summary>Writes what was handed over before, reclaims what is due, then ends both threads. May be called again.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _reclaimer.Stop();
    }

    private void Run()
    {
        try
        {
            while (TryTake(out var batch))
            {
                WriteAndAnswer(batch);
            }
        }
        catch (Exception defect)
        {
            _inbox.Fault(defect);
        }
    }

    /// <summary>The next batch; false when stopping with nothing left to write.</summary>
    private bool TryTake([NotNullWhen(true)] out NodeEffect.Persist? batch)
    {
        lock (_gate)
        {
            while (!_batches.TryDequeue(out batch))
            {
                if (_stopping)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            return true;
        }
    }

    private void WriteAndAnswer(NodeEffect.Persist batch)
    {
        var begun = _clock.Now;
        NodeInput answer;
        lock (_writing)
        {
            answer = WriteToStore(batch);
        }

        _answers.Enqueue(answer);
        _inbox.Wake();
        if (answer is NodeInput.Persisted)
        {
            _reclaimer.Wrote(begun, batch.Writes.Erases);
        }
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
            _direct.Took(elapsed);
            NodeMetrics.StoreWriteDuration.Record(elapsed.TotalSeconds);
            NodeMetrics.StoreWriteSize.Record(batch.Writes.Size);
        }
    }
}
