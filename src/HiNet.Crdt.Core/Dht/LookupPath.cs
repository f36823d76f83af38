namespace HiNet.Crdt.Core.Dht;

/// <summary>What one path of a lookup has heard of, nearest to the target first, in bounds.</summary>
internal sealed class LookupPath(DhtId target)
{
    internal const int MaxCandidates = 128;

    // The same id at several addresses: all but one are lies, and only asking tells which.
    private const int MaxAddresses = 3;

    // What fits into an answer to a query that is not padded, with room to spare.
    private const int FewNews = 4;

    private readonly List<LookupCandidate> _candidates = [];

    public int UnderWay { get; set; }

    /// <summary>The last answer told hardly anything new, so the next one will hardly need much room.</summary>
    public bool IsSettled { get; private set; }

    public int Count => _candidates.Count;

    /// <summary>Takes in what was told; true when it is news and among the <paramref name="width"/> nearest.</summary>
    public bool Add(LookupCandidate candidate, int width)
    {
        var index = IndexFor(candidate.Peer.Id);
        var same = 0;
        for (var i = index; i < _candidates.Count && _candidates[i].Peer.Id == candidate.Peer.Id; i++, same++)
        {
            if (_candidates[i].Peer.Endpoint == candidate.Peer.Endpoint)
            {
                return false;
            }
        }

        if (same >= MaxAddresses)
        {
            return false;
        }

        _candidates.Insert(index + same, candidate);
        if (_candidates.Count > MaxCandidates)
        {
            _candidates.RemoveAt(MaxCandidates);
        }

        return index < width;
    }

    /// <summary>An answer on this path brought so many that are news and near.</summary>
    public void Told(int news, int width) => IsSettled = news == 0 || (news <= FewNews && _candidates.Count >= width);

    /// <summary>Whom the next to be asked need not name: the <paramref name="width"/> nearest that did not fail, and those that did among them.</summary>
    public List<DhtPeer> Known(int width)
    {
        List<DhtPeer> known = [];
        for (var i = 0; i < _candidates.Count && width > 0 && known.Count < KnownContacts.Most; i++)
        {
            known.Add(_candidates[i].Peer);
            width -= _candidates[i].Step == LookupStep.Failed ? 0 : 1;
        }

        return known;
    }

    /// <summary>The nearest candidate that nobody has asked, among the <paramref name="width"/> nearest that did not fail.</summary>
    public LookupCandidate? Next(int width)
    {
        for (var i = 0; i < _candidates.Count && width > 0; i++)
        {
            if (_candidates[i].Step == LookupStep.Known)
            {
                return _candidates[i];
            }

            width -= _candidates[i].Step == LookupStep.Failed ? 0 : 1;
        }

        return null;
    }

    /// <summary>Whether the <paramref name="width"/> nearest that did not fail have all answered.</summary>
    public bool IsDone(int width)
    {
        for (var i = 0; i < _candidates.Count && width > 0; i++)
        {
            if (_candidates[i].Step is LookupStep.Known or LookupStep.Asked)
            {
                return false;
            }

            width -= _candidates[i].Step == LookupStep.Failed ? 0 : 1;
        }

        return true;
    }

    private int IndexFor(DhtId id)
    {
        var (low, high) = (0, _candidates.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (target.CompareDistances(_candidates[middle].Peer.Id, id) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
