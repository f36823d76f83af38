using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Diagnostics;

namespace HiNet.Crdt.Driver;

/// <summary>
/// Checks signatures on all cores. Checks are handed over in batches and answered in batches; a worker takes its share of
/// what waits and no more, so that two signatures go to two cores and two thousand cost few wake-ups.
/// </summary>
internal sealed class VerifierPool
{
    private const int LargestShare = 32;

    private readonly object _gate = new();
    private readonly Queue<NodeEffect.Verify> _checks = new();
    private readonly ICryptography _cryptography;
    private readonly Inbox _inbox;
    private readonly Thread[] _threads;
    private int _sleeping;
    private bool _stopping;

    internal VerifierPool(ICryptography cryptography, Inbox inbox, int workers)
    {
        _cryptography = cryptography;
        _inbox = inbox;
        _threads = new Thread[workers];
        for (var worker = 0; worker < workers; worker++)
        {
            _threads[worker] = new Thread(Run) { Name = "hinet verifier", IsBackground = true };
            _threads[worker].Start();
        }
    }

    internal void Check(List<NodeEffect.Verify> checks)
    {
        _inbox.ReadGate.Add(0, checks.Count);
        lock (_gate)
        {
            foreach (var check in checks)
            {
                _checks.Enqueue(check);
            }

            for (var wake = Math.Min(checks.Count, _sleeping); wake > 0; wake--)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Drops what waits and ends the threads. May be called again.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Run()
    {
        var share = new List<NodeEffect.Verify>(LargestShare);
        var answers = new NodeInput[LargestShare];
        try
        {
            while (TryTake(share))
            {
                for (var i = 0; i < share.Count; i++)
                {
                    answers[i] = new NodeInput.Verified(share[i].Token, IsValid(share[i]));
                }

                _inbox.Post(answers.AsSpan(0, share.Count));
                _inbox.ReadGate.Remove(0, share.Count);
                NodeMetrics.Signatures.Add(share.Count);
            }
        }
        catch (Exception defect)
        {
            _inbox.Fault(defect);
        }
    }

    private bool TryTake(List<NodeEffect.Verify> share)
    {
        share.Clear();
        lock (_gate)
        {
            while (_checks.Count == 0 && !_stopping)
            {
                _sleeping++;
                Monitor.Wait(_gate);
                _sleeping--;
            }

            if (_stopping)
            {
                return false;
            }

            var size = Math.Clamp(_checks.Count / _threads.Length, 1, LargestShare);
            while (share.Count < size && _checks.TryDequeue(out var check))
            {
                share.Add(check);
            }

            return true;
        }
    }

    private bool IsValid(NodeEffect.Verify check)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        check.Key.CopyTo(key);
        return _cryptography.Verify(key, check.Message.Span, check.Signature.Span);
    }
}
