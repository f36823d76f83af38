using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Discovery;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Driver;

/// <summary>
/// Runs a node's machine on one thread of its own: takes all inputs there are, gives them to the machine one by one, carries
/// the effects out, sleeps until something comes or the machine's deadline passes. It never waits for anything else, so every
/// other thread may wait for it. <c>docs/internals/driver.md</c> has the picture.
/// </summary>
internal sealed partial class NodeDriver : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly IStateMachine<NodeInput, NodeEffect> _machine;
    private readonly DriverClock _clock;
    private readonly Inbox _inbox;
    private readonly StoreWriter _writer;
    private readonly VerifierPool _verifiers;
    private readonly LinkTransport _transport;
    private readonly DatagramTransport? _datagrams;
    private readonly LanDiscovery? _lan;
    private readonly INodeSubscribers _subscribers;
    private readonly ILogger _logger;
    private readonly EffectBuffer _effects = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UnwrittenInput _unwritten = new();
    private List<Arrival> _arrivals = [];

    /// <summary>What <see cref="_unwritten"/> said last: so much of it the read gate holds.</summary>
    private long _held;
    private int _disposed;
    private long _rounds;

    internal NodeDriver(
        IStateMachine<NodeInput, NodeEffect> machine,
        DriverClock clock,
        Inbox inbox,
        StoreWriter writer,
        VerifierPool verifiers,
        LinkTransport transport,
        INodeSubscribers subscribers,
        ILogger logger,
        DatagramTransport? datagrams = null,
        LanDiscovery? lan = null)
    {
        _machine = machine;
        _clock = clock;
        _inbox = inbox;
        _writer = writer;
        _verifiers = verifiers;
        _transport = transport;
        _subscribers = subscribers;
        _logger = logger;
        _datagrams = datagrams;
        _lan = lan;
    }

    /// <summary>Null while all is well; else one sentence.</summary>
    internal string? Problem { get; private set; }

    /// <summary>How often the thread has woken and looked for something to do.</summary>
    internal long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>Starts the thread; once.</summary>
    internal void Start() => new Thread(Run) { Name = "hinet node", IsBackground = true }.Start();

    /// <summary>Lets the machine close its links, flushes them, writes what was handed over and ends every thread. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await _ended.Task.ConfigureAwait(false);
            return;
        }

        await TryStopMachineAsync().ConfigureAwait(false);
        if (_lan is not null)
        {
            await _lan.DisposeAsync().ConfigureAwait(false);
        }

        _datagrams?.Dispose();
        await _transport.DisposeAsync().ConfigureAwait(false);
        EndCommands(_inbox.Close());
        await _ended.Task.ConfigureAwait(false);
        _verifiers.Stop();
        _writer.Stop();
    }

    private async Task TryStopMachineAsync()
    {
        try
        {
            await SubmitAsync(new NodeCommand.Stop(), static _ => true, default).WaitAsync(StopPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.StopTimedOut(StopPatience.TotalSeconds);
        }
        catch (HiNetException)
        {
            // It has stopped itself before, and said why then.
        }
    }

    private void Run()
    {
        try
        {
            // The first round has no inputs but the wall clock, which is the first of all.
            do
            {
                Round();
            }
            while (_inbox.Take(ref _arrivals, _admitted, _admission.Room, Patience()));

            FailPending(new NodeStoppedException("The node is stopped: start it again."));
        }
        catch (Exception defect)
        {
            FailStop(defect);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Round()
    {
        Interlocked.Increment(ref _rounds);
        GiveWallClock();
        _isQuiet = _arrivals.Count + _admitted.Count <= 1;
        var unflushed = 0;
        foreach (var arrival in _arrivals)
        {
            GiveAnswers();
            Give(arrival.Input);
            _inbox.Release(arrival);
            if (++unflushed == FlushEvery)
            {
                Flush();
                unflushed = 0;
            }
        }

        _arrivals.Clear();
        foreach (var command in _admitted)
        {
            Give(new NodeInput.Commanded(Admit(command), command.Operation));
        }

        _admitted.Clear();
        GiveAnswers();
        var now = _clock.Now;
        if (_machine.Deadline <= now)
        {
            _machine.HandleDeadline(now, _effects);
            CarryOut();
        }

        Flush();
        WriteStaged();
    }

    private void Give(NodeInput input)
    {
        switch (input)
        {
            case NodeInput.BytesReceived received:
                _unwritten.Received(received.Bytes.Length);
                break;
            case NodeInput.Persisted or NodeInput.PersistFailed:
                _unwritten.Answered();
                break;
        }

        _machine.Handle(input, _clock.Now, _effects);
        CarryOut();
        HoldLinks(_unwritten.Settle());
    }

    /// <summary>Links are not read while too much of what they brought waits for the disk.</summary>
    private void HoldLinks(long unwritten)
    {
        if (unwritten > _held)
        {
            _inbox.ReadGate.Add(0, 0, unwritten - _held);
        }
        else if (unwritten < _held)
        {
            _inbox.ReadGate.Remove(0, 0, _held - unwritten);
        }

        _held = unwritten;
    }

    private void GiveAnswers()
    {
        while (_writer.TryTakeAnswer(out var answer))
        {
            Give(answer!);
        }
    }

    private void GiveWallClock()
    {
        if (_clock.TryReadWallClock(_clock.Now, out var unixMilliseconds))
        {
            Give(new NodeInput.WallClockRead(unixMilliseconds));
        }
    }

    private TimeSpan Patience()
    {
        var until = Instant.Min(_machine.Deadline, _clock.NextReading);
        var now = _clock.Now;

        // Up to the next millisecond: that is the granularity of a timed wait, and waking early would spin.
        return until <= now ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling((until - now).TotalMilliseconds));
    }

    /// <summary>
    /// A machine that throws is in no state to go on. Nothing acknowledged is lost, because that was durable before; the rest
    /// fails with one sentence, links end, and reading goes on until the node is disposed.
    /// </summary>
    private void FailStop(Exception defect)
    {
        Problem = $"The node has stopped itself because of a defect ({defect.GetType().Name}): start it again and report the log.";
        _logger.FailStopped(defect, defect.Message);
        var failure = new NodeStoppedException(Problem, defect);
        foreach (var command in _admitted)
        {
            command.Fail(failure);
        }

        FailPending(failure);
        EndCommands(_inbox.Close());
        _transport.Abort("the node has stopped itself");
    }
}
