namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// An iterative lookup: asks the nearest nodes it knows for nearer ones until the k nearest have answered. Over several paths, no
/// node is asked by two of them and none learns from what another was told, so that who captures one path has captured one path
/// (Baumgart, Mies: "S/Kademlia", 2007). Sends nothing: whoever owns it does.
/// </summary>
internal sealed class ClosestNodesLookup
{
    internal const int MaxCandidates = 4_096;
    internal const int MaxQueries = 512;

    private readonly DhtId _self;
    private readonly DhtId _target;
    private readonly int _width;
    private readonly int _concurrency;
    private readonly LookupPath[] _paths;
    private readonly Dictionary<(DhtId Id, Endpoint Endpoint), LookupCandidate> _candidates = [];
    private readonly List<LookupCandidate> _answered = [];
    private int _turn;
    private bool _isEnded;

    /// <param name="self">Never asked.</param>
    /// <param name="target">What is looked for.</param>
    /// <param name="width">How many of the nearest have to answer: k.</param>
    /// <param name="concurrency">Queries under way on each path: α.</param>
    /// <param name="paths">How many paths; the seeds are dealt to them in turn.</param>
    /// <param name="seeds">Where it starts, nearest first.</param>
    public ClosestNodesLookup(DhtId self, DhtId target, int width, int concurrency, int paths, IReadOnlyList<DhtPeer> seeds)
    {
        _self = self;
        _target = target;
        _width = width;
        _concurrency = concurrency;
        _paths = new LookupPath[Math.Min(paths, Math.Max(1, seeds.Count))];
        for (var i = 0; i < _paths.Length; i++)
        {
            _paths[i] = new LookupPath(target);
        }

        for (var i = 0; i < seeds.Count; i++)
        {
            Learn(i % _paths.Length, seeds[i], 1);
        }
    }

    public DhtId Target => _target;

    /// <summary>Queries so far.</summary>
    public int Queries { get; private set; }

    /// <summary>Candidates so far, all paths together.</summary>
    public int Candidates => _candidates.Count;

    /// <summary>Queries one after the other until the nearest of all had answered; 0 when none has.</summary>
    public int Hops => _answered.Count == 0 ? 0 : _answered[0].Depth;

    /// <summary>How many nodes have answered.</summary>
    public int AnsweredNodes => _answered.Count;

    public bool IsDone
    {
        get
        {
            foreach (var path in _paths)
            {
                if (!_isEnded && !path.IsDone(_width) && (Queries < MaxQueries || path.UnderWay > 0))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The nodes that answered, nearest first, at most k.</summary>
    public IEnumerable<LookupCandidate> Closest => _answered.Take(_width);

    /// <summary>Asks nobody more, and waits for nobody: the nearest are those that have answered so far.</summary>
    public void End() => _isEnded = true;

    /// <summary>
    /// More places to start at, for a lookup whose first ones are mostly gone: of nodes that it has not heard of yet, the first k. True when
    /// there were any.
    /// </summary>
    public bool Widen(IEnumerable<DhtPeer> seeds)
    {
        var added = 0;
        if (_isEnded)
        {
            return false;
        }

        foreach (var seed in seeds)
        {
            if (added == _width || _candidates.Count >= MaxCandidates)
            {
                break;
            }

            if (seed.Id != _self && !_candidates.ContainsKey((seed.Id, seed.Endpoint)))
            {
                Learn(added % _paths.Length, seed, 1);
                added++;
            }
        }

        return added > 0;
    }

    /// <summary>Whom to ask next; null when enough is under way. The paths take turns.</summary>
    public LookupCandidate? Next()
    {
        for (var i = 0; i < _paths.Length && Queries < MaxQueries && !_isEnded; i++)
        {
            var index = (_turn + i) % _paths.Length;
            var path = _paths[index];
            if (path.UnderWay < _concurrency && path.Next(_width) is { } candidate)
            {
                candidate.Step = LookupStep.Asked;
                candidate.Path = index;
                path.UnderWay++;
                Queries++;
                _turn = index + 1;
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The path that asks a candidate.</summary>
    public LookupPath PathOf(LookupCandidate candidate) => _paths[candidate.Path];

    /// <summary>A node has answered: what it told is news to its own path only.</summary>
    public void Answered(LookupCandidate candidate, IEnumerable<DhtPeer> told)
    {
        if (candidate.Step != LookupStep.Asked)
        {
            return;
        }

        candidate.Step = LookupStep.Answered;
        _paths[candidate.Path].UnderWay--;
        var index = _answered.Count;
        while (index > 0 && _target.CompareDistances(candidate.Peer.Id, _answered[index - 1].Peer.Id) < 0)
        {
            index--;
        }

        _answered.Insert(index, candidate);
        var news = 0;
        foreach (var peer in told)
        {
            news += Learn(candidate.Path, peer, candidate.Depth + 1) ? 1 : 0;
        }

        _paths[candidate.Path].Told(news, _width);
    }

    /// <summary>A node has not answered.</summary>
    public void Failed(LookupCandidate candidate)
    {
        if (candidate.Step == LookupStep.Asked)
        {
            candidate.Step = LookupStep.Failed;
            _paths[candidate.Path].UnderWay--;
        }
    }

    // True when it is among the nearest that the path has heard of.
    private bool Learn(int path, DhtPeer peer, int depth)
    {
        if (peer.Id == _self)
        {
            return false;
        }

        if (!_candidates.TryGetValue((peer.Id, peer.Endpoint), out var candidate))
        {
            if (_candidates.Count >= MaxCandidates)
            {
                return false;
            }

            candidate = new LookupCandidate(peer, depth);
            _candidates[(peer.Id, peer.Endpoint)] = candidate;
        }

        return _paths[path].Add(candidate, _width);
    }
}
