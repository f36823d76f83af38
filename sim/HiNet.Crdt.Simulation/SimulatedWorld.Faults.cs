using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation;

public sealed partial class SimulatedWorld
{
    /// <summary>Parts the network: only nodes of one group reach each other, and those in none only each other. Replaces an earlier partition.</summary>
    public void Partition(params IReadOnlyList<SimulatedNode>[] groups) =>
        Partition([.. groups.Select(group => (IReadOnlyList<int>)[.. group.Select(node => node.Index)])]);

    /// <summary>Stops what one node sends to another; the way back stays open.</summary>
    public void CutLink(SimulatedNode from, SimulatedNode to)
    {
        Own(from);
        Own(to);
        Log?.Invoke(Now, from.Index, $"is cut off towards {to.Index}");
        Network.Cut(from.Index, to.Index);
    }

    /// <summary>Ends a cut.</summary>
    public void MendLink(SimulatedNode from, SimulatedNode to)
    {
        Own(from);
        Own(to);
        Network.Mend(from.Index, to.Index);
    }

    /// <summary>Holds everything that one node sends to another until <paramref name="duration"/> has passed.</summary>
    public void Clog(SimulatedNode from, SimulatedNode to, TimeSpan duration)
    {
        Own(from);
        Own(to);
        Network.Clog(from.Index, to.Index, duration);
    }

    /// <summary>Ends every partition, cut and clog. What was stopped on its way goes on, unless its link has ended meanwhile.</summary>
    public void Heal()
    {
        Log?.Invoke(Now, -1, "the network heals");
        Network.Heal();
    }

    /// <summary>Ends a node's process without warning. What was not durable is gone, or, if the disk was faster than the news, it is not.</summary>
    /// <param name="node">Which one; nothing happens when it is down already.</param>
    /// <param name="losePower">The machine is off, too: its peers hear nothing instead of a reset.</param>
    public void Crash(SimulatedNode node, bool losePower = false)
    {
        Own(node);
        node.Process.Crash(losePower);
    }

    /// <summary>Crashes a node in the middle of what it does next: in front of effect number <paramref name="effect"/> of a list, from 0.</summary>
    public void CrashWithin(SimulatedNode node, int effect)
    {
        Own(node);
        ArgumentOutOfRangeException.ThrowIfNegative(effect);
        node.Process.CrashWithin(effect);
    }

    /// <summary>Starts a node that is down from what its disk has.</summary>
    public void Restart(SimulatedNode node)
    {
        Own(node);
        node.Process.Disk.IsFull = false;
        node.Process.Boot();
        Network.Resume();
    }

    /// <summary>Stops a node's process without ending it: everything waits.</summary>
    public void Pause(SimulatedNode node)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, "pauses");
        node.Process.Pause();
    }

    /// <summary>Lets a paused node go on.</summary>
    public void Resume(SimulatedNode node)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, "goes on");
        node.Process.Resume();
    }

    /// <summary>Sets a node's wall clock forward, or back.</summary>
    public void StepClock(SimulatedNode node, TimeSpan by)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, $"has its clock stepped by {by.TotalSeconds} s");
        node.Process.StepClock((long)by.TotalMilliseconds);
    }

    /// <summary>
    /// Lets a machine sleep, as a laptop's lid does: nothing runs, the wall clock goes on, and the node hears of the time only when it
    /// next reads it.
    /// </summary>
    /// <param name="node">Which one; nothing happens when it is down, paused or asleep already.</param>
    /// <param name="monotonicStops">The monotonic clock stands still too, as it does on most systems.</param>
    public void Suspend(SimulatedNode node, bool monotonicStops)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, "goes to sleep");
        node.Process.Suspend(monotonicStops);
    }

    /// <summary>Lets a sleeping machine go on; its timers fire late.</summary>
    public void Wake(SimulatedNode node)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, "wakes up");
        node.Process.Wake();
    }

    /// <summary>Copies a node's home as it is now, in place of an earlier copy.</summary>
    public void Backup(SimulatedNode node)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, "has its home copied");
        node.Process.Backup();
    }

    /// <summary>
    /// Puts the copy of a node's home back and starts the node from it; nothing happens without one. What it wrote since is known
    /// to others and not to it, so its device can get two futures.
    /// </summary>
    public void Restore(SimulatedNode node)
    {
        Own(node);
        if (node.Process.HasBackup)
        {
            Log?.Invoke(Now, node.Index, "goes on from the copy of its home");
            node.Process.Restore();
            Network.Resume();
        }
    }

    /// <summary>
    /// Starts a second machine from a copy of a node's home as it is now: the same keys, the same device, another address. Whatever
    /// it writes is a second future of that device. Nothing happens for an adversary, which needs no copy to say two things.
    /// </summary>
    /// <returns>The copy, which is a node of the world; null for an adversary.</returns>
    public SimulatedNode? Copy(SimulatedNode node)
    {
        Own(node);
        if (node.Process.Home is not EngineHome home)
        {
            return null;
        }

        Log?.Invoke(Now, node.Index, "gets a twin");
        var disk = new SimulatedDisk();
        disk.Load(node.Process.Disk.Image());
        var copy = new SimulatedNode(this, new NodeProcess(this, _nodes.Count, home.CopyTo(disk), disk, node.Process.CopyClock()) { Original = node.Index });
        foreach (var other in _nodes)
        {
            if (other != node && Options.LinkEveryone)
            {
                copy.Process.KeptLinks.Add(other.Address);
            }
        }

        _nodes.Add(copy);
        Network.Attach(copy.Process);
        Invariants.Copied(copy.Process);
        copy.Process.Boot();
        Network.Resume();
        return copy;
    }

    /// <summary>Stops the copies of a node for ever. What only they had is lost.</summary>
    public void EndCopies(SimulatedNode node)
    {
        Own(node);
        foreach (var copy in _nodes.Where(copy => copy.Process.Original == node.Index && !copy.Process.IsGone))
        {
            Log?.Invoke(Now, node.Index, "is alone again");
            copy.Process.Crash(losePower: true);
            copy.Process.IsGone = true;
            Invariants.Gone(copy.Process);
        }
    }

    /// <summary>Lets every write of a node fail until it is restarted.</summary>
    public void FillDisk(SimulatedNode node)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, "has a full disk");
        node.Process.Disk.IsFull = true;
    }

    /// <summary>Lets every read of a node fail: it stops at the next one.</summary>
    public void FailReads(SimulatedNode node)
    {
        Own(node);
        Log?.Invoke(Now, node.Index, "has a failing disk");
        node.Process.Disk.IsUnreadable = true;
    }

    /// <summary>Adversaries do nothing new from now on. What they have left standing stays: silent links, promises, entries that wait.</summary>
    public void EndAttacks()
    {
        if (IsUnderAttack && Nodes.Any(node => !node.Process.IsHonest))
        {
            Log?.Invoke(Now, -1, "attacks end");
        }

        IsUnderAttack = false;
    }

    internal bool IsUnderAttack { get; private set; } = true;

    internal void Partition(IReadOnlyList<IReadOnlyList<int>> groups)
    {
        Log?.Invoke(Now, -1, "the network parts: " + string.Join(" | ", groups.Select(group => string.Join(",", group))));
        Network.Partition(groups);
    }
}
