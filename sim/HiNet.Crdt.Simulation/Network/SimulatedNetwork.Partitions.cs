namespace HiNet.Crdt.Simulation.Network;

internal sealed partial class SimulatedNetwork
{
    private readonly HashSet<long> _cuts = [];
    private readonly Dictionary<long, long> _clogs = [];
    private readonly HashSet<int> _isolated = [];
    private int[] _groups = [];

    /// <summary>Only nodes of one group reach each other; nodes that are in none reach only each other.</summary>
    public void Partition(IReadOnlyList<IReadOnlyList<int>> groups)
    {
        _groups = new int[_hosts.Count];
        for (var group = 0; group < groups.Count; group++)
        {
            foreach (var node in groups[group])
            {
                _groups[node] = group + 1;
            }
        }

        Resume();
    }

    /// <summary>Stops bytes from one node to another; the way back stays open.</summary>
    public void Cut(int from, int to) => _cuts.Add(Pair(from, to));

    public void Mend(int from, int to)
    {
        _cuts.Remove(Pair(from, to));
        Resume();
    }

    /// <summary>Holds everything from one node to another until a time.</summary>
    public void Clog(int from, int to, TimeSpan duration) => _clogs[Pair(from, to)] = _scheduler.Now.Microseconds + Microseconds(duration);

    /// <summary>Cuts a node off from all others, whatever else is cut.</summary>
    public void Isolate(int node) => _isolated.Add(node);

    /// <summary>Ends what <see cref="Isolate"/> did.</summary>
    public void Rejoin(int node)
    {
        _isolated.Remove(node);
        Resume();
    }

    /// <summary>Ends every partition, cut and clog.</summary>
    public void Heal()
    {
        _groups = [];
        _cuts.Clear();
        _clogs.Clear();
        Resume();
    }

    public bool IsBlocked(int from, int to) =>
        (_groups.Length > 0 && GroupOf(from) != GroupOf(to))
        || (_cuts.Count > 0 && _cuts.Contains(Pair(from, to)))
        || (_isolated.Count > 0 && (_isolated.Contains(from) || _isolated.Contains(to)));

    private long ClogOf(int from, int to) => _clogs.Count == 0 ? 0 : _clogs.GetValueOrDefault(Pair(from, to));

    /// <summary>A node that came after the network parted is with those who are in no group.</summary>
    private int GroupOf(int node) => node < _groups.Length ? _groups[node] : 0;
}
