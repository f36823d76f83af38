using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>
/// What happens to a node itself, and why it survives.
/// <para>
/// It is a machine around which everything else is simulated: inputs one by one, effects in order, as the real driver does it.
/// It crashes between any two events, or between any two effects of one list; what is left is its disk and what was already
/// on its way. A restart makes a new machine from the disk under a higher generation; timers, disk answers and verifications
/// of the old life are dropped. A pause lets inputs wait, as a laptop's lid or a stopped process does. The engine survives
/// because it says nothing that its disk does not know yet, and because it keeps nothing that it could not find there again.
/// </para>
/// <para>Its clocks are in <see cref="SimulatedClock"/>, its disk in <see cref="SimulatedDisk"/>, its links in <see cref="SimulatedNetwork"/>.</para>
/// </summary>
internal sealed partial class NodeProcess : IEventTarget, INetworkHost, IEffectSink<NodeEffect>
{
    private const long WallClockInterval = 60_000_000;

    private readonly SimulatedWorld _world;
    private readonly Scheduler _scheduler;
    private readonly SimulatedClock _clock;
    private readonly List<NodeEffect> _effects = [];
    private readonly Queue<NodeInput> _inbox = new();
    private readonly Queue<NodeEffect.Persist> _writing = new();
    private readonly SortedDictionary<long, Submission> _commands = [];
    private readonly Queue<Submission> _unadmitted = new();
    private readonly DatagramAdmission _datagrams = new();
    private IStateMachine<NodeInput, NodeEffect>? _machine;
    private WriteBatch? _lastCommitted;
    private long _timerAt = long.MaxValue;
    private long _lastLink;
    private CommandAdmission _admission;
    private ulong _diskDraws;
    private ulong _verifyDraws;
    private ulong _crashDraws;
    private long _diskFree;
    private int _crashAfterEffect = -1;
    private bool _isHandling;

    internal NodeProcess(SimulatedWorld world, int index, INodeHome home, SimulatedDisk disk, SimulatedClock clock)
    {
        _world = world;
        _scheduler = world.Scheduler;
        _clock = clock;
        Index = index;
        Home = home;
        Disk = disk;
        _admission = new CommandAdmission(world.AdmittedCommands);
    }

    public int Index { get; }

    public int TraceId => Index;

    public int Generation { get; private set; }

    public bool IsUp => _machine is not null;

    public bool IsDark { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Inputs wait, as they do during a pause.</summary>
    public bool HasWaiting => _inbox.Count > 0;

    public INodeHome Home { get; }

    /// <summary>Keeps to the protocol: what invariants are about.</summary>
    public bool IsHonest => Home is not AdversaryHome;

    public SimulatedDisk Disk { get; }

    public Dictionary<LinkId, LinkEnd> Ends { get; private set; } = [];

    /// <summary>Nodes with an authenticated link, as announced.</summary>
    public SortedSet<NodeId> Peers { get; } = [];

    /// <summary>Addresses to keep linked, told to each new life.</summary>
    public List<string> KeptLinks { get; } = [];

    public long LinkWindowBytes => _world.LinkWindowBytes;

    public string? Problem { get; private set; }

    /// <summary>Batches, checks and commands under way.</summary>
    public int Busy => _writing.Count + Verifying + _commands.Count + _unadmitted.Count;

    public int Verifying { get; private set; }

    public int Writing => _writing.Count;

    public long WallClock => _clock.Wall(_scheduler.Now);

    public LinkId NextLink() => new(++_lastLink);

    public void Add(NodeEffect effect) => _effects.Add(effect);

    /// <summary>Starts a life.</summary>
    public void Boot()
    {
        if (IsUp || IsGone)
        {
            throw new InvalidOperationException($"Node {Index} {(IsUp ? "is running already" : "is a copy that was stopped")}.");
        }

        Generation++;
        IsDark = false;
        IsPaused = false;
        _asleepSince = null;
        Problem = null;
        Disk.IsUnreadable = false;
        _lastLink = 0;
        _admission = new CommandAdmission(_world.AdmittedCommands);
        _timerAt = long.MaxValue;
        _crashAfterEffect = -1;
        _clock.Boot(_world.Random.Below(DrawStream.MonotonicStart, (ulong)Index, (ulong)Generation, 1L << 40));
        var random = new NodeRandom(_world.Random, Index, Generation);
        try
        {
            _machine = Home.Start(random, _world.Marks, _clock.Monotonic(_scheduler.Now));
        }
        catch (Exception defect)
        {
            throw _world.Failure(SimulationResult.Crash, "engine-exception", $"node {Index} cannot start: {defect.GetType().Name}: {defect.Message}", defect);
        }

        _world.Trace(this, "starts");
        GiveWallClock();
        if (_world.Options.UseDht && Index > 0)
        {
            Give(new NodeInput.BootstrapResolved([SimulatedNetwork.EndpointOf(0)]));
        }

        foreach (var address in KeptLinks)
        {
            Submit(new NodeCommand.KeepLinked(address), static _ => { });
        }

        _world.Booted(this);
    }

    /// <summary>Ends the life without warning. <paramref name="losePower"/>: the machine is off too, so nobody answers for it.</summary>
    public void Crash(bool losePower = false)
    {
        if (!IsUp)
        {
            return;
        }

        _world.Trace(this, losePower ? "loses power" : "crashes");
        _scheduler.Trace.Fold((ulong)Generation);
        (_machine as IDisposable)?.Dispose();
        _machine = null;
        IsDark = losePower;
        _inbox.Clear();
        _datagrams.TakeAll();
        _effects.Clear();
        Peers.Clear();
        Verifying = 0;
        LoseUnwritten();
        var ends = Ends.Values.OrderBy(end => end.Id).ToArray();
        Ends = [];
        _world.Network.Crashed(this, ends);
        Submission[] commands = [.. _commands.Values, .. _unadmitted];
        _commands.Clear();
        _unadmitted.Clear();
        foreach (var command in commands)
        {
            command.Done(null);
        }
    }

    /// <summary>Crashes in front of the effect of this number in the next list that has so many; after a second at the latest.</summary>
    public void CrashWithin(int effect)
    {
        _crashAfterEffect = effect;
        _scheduler.After(1_000_000, this, (int)NodeEventKind.ArmedCrash, Generation);
    }

    /// <summary>A crash that was asked for and has not come does not come any more.</summary>
    public void Disarm() => _crashAfterEffect = -1;

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        if (_asleepSince is not null)
        {
            Wake();
            return;
        }

        IsPaused = false;
        _timerAt = long.MaxValue;
        if (IsUp)
        {
            GiveWallClock(again: false);
        }
    }

    public void StepClock(long milliseconds)
    {
        _clock.Step(milliseconds);
        if (IsUp && _asleepSince is null)
        {
            GiveWallClock(again: false);
        }
    }

    /// <summary>Asks the engine for something; <paramref name="done"/> gets null when the node dies before it answers.</summary>
    public void Submit(NodeCommand operation, Action<NodeResult?> done)
    {
        if (!IsUp)
        {
            done(null);
            return;
        }

        _world.Invariants.Submitted(this, operation);
        _unadmitted.Enqueue(new Submission(operation, done));
        AdmitCommands();
    }

    private void AdmitCommands()
    {
        while (IsUp && _admission.Room > 0 && _unadmitted.TryDequeue(out var submission))
        {
            var command = _admission.Admit();
            _commands.Add(command, submission);
            Give(new NodeInput.Commanded(command, submission.Operation));
        }
    }

    public void Fire(in ScheduledEvent scheduled)
    {
        if (scheduled.Generation != Generation || !IsUp)
        {
            return;
        }

        switch ((NodeEventKind)scheduled.Kind)
        {
            case NodeEventKind.Timer:
                FireTimer(scheduled.Argument);
                break;
            case NodeEventKind.PersistDone:
                FinishWrite();
                break;
            case NodeEventKind.Verified:
                Verifying--;
                Give((NodeInput)scheduled.Payload!);
                break;
            case NodeEventKind.WallClock when _asleepSince is not null:
                _scheduler.After(WallClockInterval, this, (int)NodeEventKind.WallClock, Generation);
                break;
            case NodeEventKind.WallClock:
                GiveWallClock();
                break;
            case NodeEventKind.ArmedCrash when _crashAfterEffect >= 0:
                Crash();
                break;
        }
    }

    /// <summary>Gives the machine an input, after those that wait already.</summary>
    public void Give(NodeInput input)
    {
        if (!IsUp || (input is NodeInput.DatagramReceived && !_datagrams.TryAdd()))
        {
            return;
        }

        _inbox.Enqueue(input);
        if (!_isHandling && !IsPaused)
        {
            Drain();
        }
    }

    private void Drain()
    {
        _isHandling = true;
        try
        {
            while (IsUp && !IsPaused && _inbox.TryDequeue(out var input))
            {
                if (input is NodeInput.DatagramReceived)
                {
                    _datagrams.TakeOne();
                }

                Handle(input);
            }
        }
        finally
        {
            _isHandling = false;
        }

        Rearm();
    }

    private void Handle(NodeInput? input)
    {
        _effects.Clear();
        _world.Invariants.Handling(this, input);
        var now = _clock.Monotonic(_scheduler.Now);
        try
        {
            if (input is null)
            {
                _machine!.HandleDeadline(now, this);
            }
            else
            {
                _machine!.Handle(input, now, this);
            }
        }
        catch (StoreException) when (Disk.IsUnreadable)
        {
            Crash();
            return;
        }
        catch (Exception defect) when (defect is not SimulationException)
        {
            throw _world.Failure(SimulationResult.Crash, "engine-exception", $"node {Index} threw {defect.GetType().Name}: {defect.Message}", defect);
        }

        CarryOut();
    }

    private void FireTimer(long armedFor)
    {
        if (armedFor != _timerAt || IsPaused)
        {
            return;
        }

        _timerAt = long.MaxValue;
        if (_clock.Virtual(_machine!.Deadline) <= _scheduler.Now)
        {
            _isHandling = true;
            try
            {
                Handle(null);
            }
            finally
            {
                _isHandling = false;
            }
        }

        Drain();
    }

    // One timer is under way at a time. A deadline that moves later leaves it in place: it fires, finds nothing due and is set again.
    private void Rearm()
    {
        if (!IsUp || IsPaused)
        {
            return;
        }

        var deadline = _clock.Virtual(_machine!.Deadline);
        if (deadline == Instant.Never || deadline.Microseconds >= _timerAt)
        {
            return;
        }

        _timerAt = Math.Max(deadline.Microseconds, _scheduler.Now.Microseconds);
        _scheduler.At(_timerAt, this, (int)NodeEventKind.Timer, Generation, _timerAt);
    }

    private void GiveWallClock(bool again = true)
    {
        if (again)
        {
            _scheduler.After(WallClockInterval, this, (int)NodeEventKind.WallClock, Generation);
        }

        Give(new NodeInput.WallClockRead(WallClock));
    }

    private sealed record Submission(NodeCommand Operation, Action<NodeResult?> Done);
}
