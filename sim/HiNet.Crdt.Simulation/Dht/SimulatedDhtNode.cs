using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Dht;

/// <summary>An honest node: carries out its machine's effects.</summary>
internal sealed class SimulatedDhtNode(SimulatedDht network, int index, DhtNode machine, Instant upSince) : IEffectSink<DhtEffect>
{
    private readonly SortedDictionary<long, (Action<DhtResult> Done, Action<DhtSlot>? Found)> _waiting = [];
    private Instant _scheduledAt = Instant.Never;
    private long _operation;

    public int Index => index;

    public DhtNode Machine => machine;

    public Instant UpSince => upSince;

    /// <summary>Asks the node for something.</summary>
    public void Command(DhtOperation operation, Instant now, Action<DhtResult> whenDone, Action<DhtSlot>? whenFound = null)
    {
        _waiting[++_operation] = (whenDone, whenFound);
        Handle(new DhtInput.Commanded(_operation, operation), now);
    }

    public void Handle(DhtInput input, Instant now)
    {
        machine.Handle(input, now, this);
        Schedule();
    }

    public void DeadlineCame(Instant now)
    {
        if (now < _scheduledAt)
        {
            return;
        }

        _scheduledAt = Instant.Never;
        if (machine.Deadline <= now)
        {
            machine.HandleDeadline(now, this);
        }

        Schedule();
    }

    public void Add(DhtEffect effect)
    {
        switch (effect)
        {
            case DhtEffect.SendDatagram send:
                network.Send(index, send.To, send.Bytes);
                break;
            case DhtEffect.Verify verify:
                network.Verify(this, verify);
                break;
            case DhtEffect.Found found when _waiting.TryGetValue(found.Operation, out var waiting):
                waiting.Found?.Invoke(found.Slot);
                break;
            case DhtEffect.Complete complete when _waiting.Remove(complete.Operation, out var waiting):
                waiting.Done(complete.Result);
                break;
            case DhtEffect.Count count:
                network.Counts[count.Instrument] = network.Counts.GetValueOrDefault(count.Instrument) + count.Amount;
                break;
            default:
                break;
        }
    }

    private void Schedule()
    {
        if (machine.Deadline < _scheduledAt)
        {
            _scheduledAt = machine.Deadline;
            network.ScheduleDeadline(index, _scheduledAt);
        }
    }
}
