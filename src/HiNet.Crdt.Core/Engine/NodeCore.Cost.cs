using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    private const long DialBytes = 200;

    /// <summary>What this machine has done so far.</summary>
    internal Cost Cost => _services.Cost;

    /// <summary>Bytes that this machine keeps in memory, about: replicas, links with their channels, runs that are being checked, the DHT.</summary>
    internal long KeptBytes
    {
        get
        {
            var bytes = (_contacts.Count * DialBytes) + (_nodesByAddress.Count * DialBytes) + _verifier.KeptBytes;
            foreach (var replica in _replicas.Values)
            {
                bytes += replica.KeptBytes;
            }

            foreach (var session in _sessions.Values)
            {
                bytes += session.KeptBytes;
            }

            return bytes + (_dht?.KeptBytes ?? 0);
        }
    }

    /// <summary>Bytes of entries that wait for others, which have a bound of their own.</summary>
    internal long CausalBufferBytes => _replicas.Values.Sum(replica => replica.WaitingBytes);

    /// <summary>How many links the person has who has most of them.</summary>
    internal int MostLinksOfOnePerson =>
        _sessions.Values.SelectMany(session => session.Identities).CountBy(identity => identity).Select(pair => pair.Value).DefaultIfEmpty().Max();

    /// <summary>What the bounds on <see cref="KeptBytes"/> and on <see cref="Cost"/> grow with.</summary>
    internal CostInput CostInput
    {
        get
        {
            var heads = 0;
            var channels = 0;
            var authority = 0L;
            var entries = 0UL;
            foreach (var replica in _replicas.Values)
            {
                entries += replica.EntryCount;
                heads += replica.Devices.Sum(log => log.Branches.Count);
                authority += replica.AuthorityCount;
            }

            foreach (var session in _sessions.Values)
            {
                channels += session.Channels.Count();
            }

            return new CostInput(_replicas.Count, _sessions.Count, channels, (long)entries, heads, authority);
        }
    }
}
