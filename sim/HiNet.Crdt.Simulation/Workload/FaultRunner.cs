using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>Puts the faults of a run on the world at their times.</summary>
internal sealed class FaultRunner : IEventTarget
{
    private static readonly TimeSpan s_clog = TimeSpan.FromSeconds(10);

    private readonly SimulatedWorld _world;
    private readonly IReadOnlyList<Fault> _faults;

    public FaultRunner(SimulatedWorld world, IReadOnlyList<Fault> faults)
    {
        _world = world;
        _faults = faults;
        for (var i = 0; i < faults.Count; i++)
        {
            world.Scheduler.At(faults[i].At.Ticks / TimeSpan.TicksPerMicrosecond, this, (int)faults[i].Kind, argument: i);
        }
    }

    public int TraceId => -4;

    public void Fire(in ScheduledEvent scheduled)
    {
        var fault = _faults[(int)scheduled.Argument];
        var node = _world.Nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.Partition:
                _world.Partition(fault.Groups);
                break;
            case FaultKind.Heal:
                _world.Heal();
                break;
            case FaultKind.Crash when fault.Effect is { } effect && node.IsUp:
                _world.CrashWithin(node, effect);
                break;
            case FaultKind.Crash:
                _world.Crash(node);
                break;
            case FaultKind.PowerLoss:
                _world.Crash(node, losePower: true);
                break;
            case FaultKind.Restart when !node.IsUp:
                _world.Restart(node);
                break;
            case FaultKind.Cut:
                _world.CutLink(node, _world.Nodes[fault.To]);
                break;
            case FaultKind.Clog:
                _world.Clog(node, _world.Nodes[fault.To], s_clog);
                break;
            case FaultKind.Pause:
                _world.Pause(node);
                break;
            case FaultKind.Resume:
                _world.Resume(node);
                break;
            case FaultKind.StepClock:
                _world.StepClock(node, fault.By);
                break;
            case FaultKind.DiskFull:
                _world.FillDisk(node);
                break;
            case FaultKind.ReadError:
                _world.FailReads(node);
                break;
            case FaultKind.Suspend:
                _world.Suspend(node, fault.ClockStops);
                break;
            case FaultKind.Wake:
                _world.Wake(node);
                break;
            case FaultKind.Backup:
                _world.Backup(node);
                break;
            case FaultKind.Restore:
                _world.Restore(node);
                break;
            case FaultKind.Copy:
                _world.Copy(node);
                break;
            case FaultKind.EndCopy:
                _world.EndCopies(node);
                break;
        }
    }
}
