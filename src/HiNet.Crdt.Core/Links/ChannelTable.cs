namespace HiNet.Crdt.Core.Links;

/// <summary>
/// The channels of one link by our ids, by the remote's ids and by what they are paired by. Opens of one key are answered
/// in the order in which they were sent, so an own channel that was closed before its answer keeps its id until the
/// answer has come; otherwise the answer could be taken for a later channel's.
/// </summary>
internal sealed class ChannelTable
{
    /// <summary>Conforming nodes use ids again, so they need no more than they have channels open at once.</summary>
    public const int MaxRemoteId = ushort.MaxValue;

    private readonly List<LinkChannel?> _local = [];
    private readonly List<LinkChannel?> _remote = [];
    private readonly Stack<int> _freeLocal = [];
    private readonly Dictionary<ChannelKey, Pairing> _pairings = [];

    /// <summary>Own ids in use, those that wait for the answer to a closed channel included.</summary>
    public int LocalCount => _local.Count - _freeLocal.Count;

    /// <summary>Remote ids in use.</summary>
    public int RemoteCount { get; private set; }

    public int LiveCount { get; private set; }

    public LinkChannel? FindLive(ChannelKey key) => _pairings.GetValueOrDefault(key)?.Live;

    public LinkChannel? FindRemote(ulong id) => id >= 1 && id <= (ulong)_remote.Count ? _remote[(int)id - 1] : null;

    public LinkChannel AddOpening(ChannelKey key)
    {
        var channel = new LinkChannel(key, LinkChannelState.Opening);
        AssignLocal(channel);
        var pairing = PairingOf(key);
        pairing.Live = channel;
        pairing.Outgoing.Add(channel);
        LiveCount++;
        return channel;
    }

    /// <summary>False when the id is zero, in use, or more than one above the highest so far.</summary>
    public bool TryReserveRemote(int id)
    {
        if (id == _remote.Count + 1)
        {
            _remote.Add(null);
            return true;
        }

        return id >= 1 && id <= _remote.Count && _remote[id - 1] is null;
    }

    /// <summary>
    /// Takes a remote open as the answer to our oldest unanswered open of that key; false when there is none. The channel
    /// is null when we have closed it since.
    /// </summary>
    public bool TryPair(ChannelKey key, int remoteId, out LinkChannel? channel)
    {
        channel = null;
        if (!_pairings.TryGetValue(key, out var pairing) || pairing.Outgoing.Count == 0)
        {
            return false;
        }

        var answered = pairing.Outgoing[0];
        pairing.Outgoing.RemoveAt(0);
        if (answered.State == LinkChannelState.Closed)
        {
            FreeLocal(answered);
            RemoveIfEmpty(key, pairing);
            return true;
        }

        answered.State = LinkChannelState.Open;
        AssignRemote(answered, remoteId);
        channel = answered;
        return true;
    }

    public LinkChannel AddRequested(ChannelKey key, int remoteId, byte[] handshake)
    {
        var channel = new LinkChannel(key, LinkChannelState.Requested) { RemoteHandshake = handshake };
        AssignRemote(channel, remoteId);
        PairingOf(key).Live = channel;
        LiveCount++;
        return channel;
    }

    public void Accept(LinkChannel channel)
    {
        AssignLocal(channel);
        channel.State = LinkChannelState.Open;
    }

    /// <summary>Takes a reject; false when nothing waits under that id. The channel is null when we have closed it since.</summary>
    public bool TryReject(ulong id, out LinkChannel? channel)
    {
        channel = null;
        if (id < 1 || id > (ulong)_local.Count || _local[(int)id - 1] is not { RemoteId: 0 } rejected)
        {
            return false;
        }

        var pairing = _pairings[rejected.Key];
        if (!pairing.Outgoing.Remove(rejected))
        {
            return false;
        }

        if (rejected.State == LinkChannelState.Opening)
        {
            rejected.State = LinkChannelState.Closed;
            pairing.Live = null;
            LiveCount--;
            channel = rejected;
        }

        FreeLocal(rejected);
        RemoveIfEmpty(rejected.Key, pairing);
        return true;
    }

    /// <summary>Closes a live channel and frees what it may free.</summary>
    public void Remove(LinkChannel channel)
    {
        var unanswered = channel.State == LinkChannelState.Opening;
        channel.State = LinkChannelState.Closed;
        LiveCount--;
        if (channel.RemoteId > 0)
        {
            _remote[channel.RemoteId - 1] = null;
            channel.RemoteId = 0;
            RemoteCount--;
        }

        if (channel.LocalId > 0 && !unanswered)
        {
            FreeLocal(channel);
        }

        var pairing = _pairings[channel.Key];
        pairing.Live = null;
        RemoveIfEmpty(channel.Key, pairing);
    }

    /// <summary>Closes everything, in the order of our ids and then of the remote's.</summary>
    public List<LinkChannel> RemoveAll()
    {
        var live = new List<LinkChannel>(LiveCount);
        foreach (var channel in _local.Concat(_remote))
        {
            if (channel is { State: not LinkChannelState.Closed })
            {
                channel.State = LinkChannelState.Closed;
                live.Add(channel);
            }
        }

        _local.Clear();
        _remote.Clear();
        _freeLocal.Clear();
        _pairings.Clear();
        LiveCount = 0;
        RemoteCount = 0;
        return live;
    }

    private Pairing PairingOf(ChannelKey key)
    {
        if (!_pairings.TryGetValue(key, out var pairing))
        {
            _pairings.Add(key, pairing = new Pairing());
        }

        return pairing;
    }

    private void RemoveIfEmpty(ChannelKey key, Pairing pairing)
    {
        if (pairing.Live is null && pairing.Outgoing.Count == 0)
        {
            _pairings.Remove(key);
        }
    }

    private void AssignLocal(LinkChannel channel)
    {
        if (!_freeLocal.TryPop(out var id))
        {
            _local.Add(null);
            id = _local.Count;
        }

        channel.LocalId = id;
        _local[id - 1] = channel;
    }

    private void FreeLocal(LinkChannel channel)
    {
        _local[channel.LocalId - 1] = null;
        _freeLocal.Push(channel.LocalId);
        channel.LocalId = 0;
    }

    private void AssignRemote(LinkChannel channel, int id)
    {
        channel.RemoteId = id;
        _remote[id - 1] = channel;
        RemoteCount++;
    }

    private sealed class Pairing
    {
        /// <summary>The one that is requested, opening or open.</summary>
        public LinkChannel? Live { get; set; }

        /// <summary>Our unanswered opens in the order sent, closed ones included.</summary>
        public List<LinkChannel> Outgoing { get; } = [];
    }
}
