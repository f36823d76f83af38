using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Kademlia's routing table: a bucket for each number of leading bits that a contact shares with us. Only contacts that proved key
/// and address by an answer are offered to it. One contact to an address and few to a network, so that a hundred thousand keys
/// behind one cable are still one neighbour. Buckets come into being when they are needed.
/// </summary>
internal sealed class RoutingTable(DhtId self, DhtOptions options)
{
    private readonly List<KBucket?> _buckets = [];

    public DhtId Self => self;

    public int Count { get; private set; }

    /// <summary>How often somebody has come in or gone.</summary>
    public long Changes { get; private set; }

    /// <summary>For how long a contact that is not heard of is relied on without being asked.</summary>
    public TimeSpan QuestionableAfter { get; set; } = options.QuestionableAfter;

    /// <summary>The longest prefix that any contact has shared with us, plus one.</summary>
    public int Depth => _buckets.Count;

    /// <summary>
    /// A contact has proved itself. Where there is no room it waits in reserve, and the least recently seen contact, if it
    /// may be gone, comes back to be pinged.
    /// </summary>
    public RoutingOffer Offer(DhtPeer peer, Instant now, out RoutingEntry? questionable)
    {
        questionable = null;
        if (peer.Id == self)
        {
            return RoutingOffer.Refused;
        }

        var bucket = BucketOf(peer.Id, now);
        var index = bucket.IndexOf(peer.Id);
        if (index >= 0)
        {
            var entry = bucket.Entries[index];
            if (entry.Peer.Endpoint != peer.Endpoint)
            {
                if (IsCrowded(peer, bucket, entry))
                {
                    return RoutingOffer.Crowded;
                }

                // Moved, or carried by somebody who passes its datagrams on to where it really is: the old place is asked first.
                if (entry.Failures == 0 && now - entry.LastSeen < options.QuestionableAfter)
                {
                    entry.MovedTo = peer;
                    questionable = entry.IsPinged ? null : entry;
                    return RoutingOffer.Known;
                }

                entry.Peer = peer;
            }

            bucket.Touch(index, now);
            return RoutingOffer.Known;
        }

        if (IsCrowded(peer, bucket, null))
        {
            return RoutingOffer.Crowded;
        }

        if (bucket.Entries.Count < options.BucketSize)
        {
            bucket.Entries.Add(new RoutingEntry(peer, now));
            Changes++;
            Count++;
            return RoutingOffer.Added;
        }

        bucket.KeepInReserve(peer, options.BucketSize);
        var oldest = bucket.Entries[0];
        questionable = !oldest.IsPinged && now - oldest.LastSeen >= QuestionableAfter ? oldest : null;
        return RoutingOffer.Reserved;
    }

    /// <summary>Whether a contact that proved itself would be taken, or at least find room in reserve.</summary>
    public bool Wants(DhtPeer peer)
    {
        if (peer.Id == self)
        {
            return false;
        }

        var bucket = Find(peer.Id);
        if (bucket is not null && bucket.IndexOf(peer.Id) is >= 0 and var index)
        {
            return bucket.Entries[index].Peer.Endpoint != peer.Endpoint && !IsCrowded(peer, bucket, bucket.Entries[index]);
        }

        return bucket is null
            ? !IsCrowded(peer, null, null)
            : (bucket.Entries.Count < options.BucketSize || (bucket.Reserve?.Count ?? 0) < options.BucketSize / 4)
                && !IsCrowded(peer, bucket, null)
                && bucket.Reserve?.Exists(kept => kept.Id == peer.Id) != true;
    }

    /// <summary>A contact was heard of by a query that proved key and address. False for one that is not in the table.</summary>
    public bool Heard(DhtId id, Endpoint endpoint, Instant now)
    {
        var bucket = Find(id);
        var index = bucket?.IndexOf(id) ?? -1;
        if (index < 0 || bucket!.Entries[index].Peer.Endpoint != endpoint)
        {
            return false;
        }

        bucket.Touch(index, now);
        return true;
    }

    /// <summary>A contact did not answer. True when that was once too often, and it is gone.</summary>
    public bool Failed(DhtPeer peer, Instant now)
    {
        var bucket = Find(peer.Id);
        var index = bucket?.IndexOf(peer.Id) ?? -1;
        if (index < 0)
        {
            bucket?.Reserve?.RemoveAll(kept => kept.Id == peer.Id);
            return false;
        }

        var entry = bucket!.Entries[index];
        if (entry.Peer.Endpoint != peer.Endpoint)
        {
            return false;
        }

        entry.Failures++;
        if (entry.MovedTo is { } moved && !IsCrowded(moved, bucket, entry))
        {
            (entry.Peer, entry.MovedTo, entry.Failures) = (moved, null, 0);
            return false;
        }

        if (entry.Failures < options.MaxFailures)
        {
            return false;
        }

        bucket.Entries.RemoveAt(index);
        Changes++;
        Count--;
        while (bucket.Reserve is { Count: > 0 } reserve)
        {
            var next = reserve[^1];
            reserve.RemoveAt(reserve.Count - 1);
            if (!IsCrowded(next, bucket, null))
            {
                // Seen long ago for all that is known: the first to be pinged when this bucket is looked after.
                bucket.Entries.Insert(0, new RoutingEntry(next, new Instant(Math.Max(0, now.Microseconds - (options.QuestionableAfter.Ticks / TimeSpan.TicksPerMicrosecond)))));
                Count++;
                break;
            }
        }

        return true;
    }

    public RoutingEntry? Entry(DhtId id)
    {
        var bucket = Find(id);
        var index = bucket?.IndexOf(id) ?? -1;
        return index < 0 ? null : bucket!.Entries[index];
    }

    /// <summary>Up to <paramref name="count"/> contacts, nearest to the target first.</summary>
    /// <param name="target">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="isReliable">Leaves out those whose last query was not answered: what is told to others.</param>
    public List<DhtPeer> Closest(DhtId target, int count, bool isReliable)
    {
        List<DhtPeer> found = [];
        var prefix = DhtId.CommonPrefix(self, target);

        // The target's own bucket is nearest; those behind it share as many bits with the target as we do; then one bit less each.
        Add(prefix, isReliable, found);
        if (found.Count < count)
        {
            for (var deeper = prefix + 1; deeper < _buckets.Count; deeper++)
            {
                Add(deeper, isReliable, found);
            }
        }

        for (var wider = Math.Min(prefix, _buckets.Count) - 1; wider >= 0 && found.Count < count; wider--)
        {
            Add(wider, isReliable, found);
        }

        found.Sort((left, right) => target.CompareDistances(left.Id, right.Id));
        if (found.Count > count)
        {
            found.RemoveRange(count, found.Count - count);
        }

        return found;
    }

    /// <summary>All contacts, those that share most with us first.</summary>
    public IEnumerable<RoutingEntry> Entries()
    {
        for (var i = _buckets.Count - 1; i >= 0; i--)
        {
            foreach (var entry in _buckets[i]?.Entries ?? [])
            {
                yield return entry;
            }
        }
    }

    /// <summary>Something near the target is being looked up, which refreshes its bucket.</summary>
    public void LookedUp(DhtId target, Instant now)
    {
        if (Find(target) is { } bucket)
        {
            bucket.LookedUpAt = now;
        }
    }

    /// <summary>The bucket whose last lookup is longest ago, if that is too long; -1 for none.</summary>
    public int DueForRefresh(Instant now)
    {
        var due = -1;
        var oldest = Instant.Never;
        for (var i = 0; i < _buckets.Count; i++)
        {
            if (_buckets[i] is { } bucket && now - bucket.LookedUpAt >= options.RefreshAfter && bucket.LookedUpAt < oldest)
            {
                (due, oldest) = (i, bucket.LookedUpAt);
            }
        }

        return due;
    }

    /// <summary>
    /// The first bucket from an index on that has room and holds more of the network than a lookup of our own id shows:
    /// what a newcomer has to look for. -1 when there is none.
    /// </summary>
    public int NextSparse(int from)
    {
        if (Count <= options.BucketSize)
        {
            return -1;
        }

        var neighbourhood = DhtId.CommonPrefix(self, Closest(self, options.BucketSize, isReliable: false)[^1].Id);
        for (var i = from; i <= neighbourhood; i++)
        {
            if ((_buckets[i]?.Entries.Count ?? 0) < options.BucketSize)
            {
                return i;
            }
        }

        return -1;
    }

    private void Add(int index, bool isReliable, List<DhtPeer> found)
    {
        if (index >= _buckets.Count || _buckets[index] is not { } bucket)
        {
            return;
        }

        foreach (var entry in bucket.Entries)
        {
            if (!isReliable || entry.Failures == 0)
            {
                found.Add(entry.Peer);
            }
        }
    }

    private KBucket? Find(DhtId id)
    {
        var prefix = DhtId.CommonPrefix(self, id);
        return prefix < _buckets.Count ? _buckets[prefix] : null;
    }

    private KBucket BucketOf(DhtId id, Instant now)
    {
        var prefix = DhtId.CommonPrefix(self, id);
        while (_buckets.Count <= prefix)
        {
            _buckets.Add(null);
        }

        return _buckets[prefix] ??= new KBucket { LookedUpAt = now };
    }

    // The entry that the newcomer would take the place of does not count.
    private bool IsCrowded(DhtPeer peer, KBucket? own, RoutingEntry? replaced)
    {
        if (options.IsExempt(peer.Endpoint.Address))
        {
            return false;
        }

        var network = peer.Endpoint.Network;
        var inTable = 0;
        var inBucket = 0;
        for (var i = 0; i < _buckets.Count; i++)
        {
            if (_buckets[i] is not { } bucket)
            {
                continue;
            }

            for (var j = 0; j < bucket.Entries.Count; j++)
            {
                var entry = bucket.Entries[j];
                if (ReferenceEquals(entry, replaced) || entry.Peer.Endpoint.Network != network)
                {
                    continue;
                }

                if (entry.Peer.Endpoint.Address == peer.Endpoint.Address)
                {
                    return true;
                }

                inTable++;
                inBucket += bucket == own ? 1 : 0;
            }
        }

        return inTable >= options.NetworkPerTable || inBucket >= options.NetworkPerBucket;
    }
}
