using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private const long EntryInfoBytes = 200;
    private const long DeviceBytes = 160;
    private const long HeadBytes = 48;
    private const long EpochBytes = 200;
    private const long SecretBytes = 150;

    /// <summary>Bytes of what waits for predecessors.</summary>
    public long WaitingBytes => _buffer.KeptBytes;

    /// <summary>Bytes that this replica keeps in memory, about: what grows with what was said, and by whom. Does not count itself in steps.</summary>
    public long KeptBytes
    {
        get
        {
            var bytes = (_recent.Count * EntryInfoBytes) + (_refused.Count * HeadBytes) + (_tips.Count * HeadBytes) + _buffer.KeptBytes;
            foreach (var log in _devices.Values)
            {
                bytes += DeviceBytes + (log.Branches.Count * HeadBytes);
            }

            bytes += (_parked.Count * EntryInfoBytes) + _parkedRuns.Bytes + (_turnedAway.Count * (EntryInfoBytes + EntryLimits.MaxHeaderBytes));

            return bytes + (_secrets.Count * SecretBytes) + (_epochs.Count * EpochBytes) + ((_receipts.Count + _awaitedReads.Count) * EntryInfoBytes) + _newest.KeptBytes + _graph.KeptBytes;
        }
    }
}
