using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Meeting;

/// <summary>
/// When each topic is written and looked up. Both begin at once, spread a little; a lookup that brings nobody waits twice as long
/// each time, since whoever comes later looks for those who were there before. Under a secret that is only read, a group's older epoch,
/// the waiting begins longer: there can be several of them, and only who was away for long writes there. What a node spends while
/// nothing happens is bounded: the more topics, the longer the times between.
/// </summary>
internal sealed class MeetingPlan(IRandomSource random)
{
    /// <summary>Operations that hold a place at a time.</summary>
    public const int MaxInFlight = 4;

    /// <summary>
    /// How long an operation holds its place, in which others could be: one that takes longer is held up by somebody, and goes on beside
    /// the next. A topic has one of each kind under way at most.
    /// </summary>
    public static readonly TimeSpan LongestPlace = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_spread = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_firstRetryUnwritten = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lastLookup = TimeSpan.FromHours(2);
    private static readonly TimeSpan s_lookupPerTopic = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_lastPutRetry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_leastPut = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_mostPut = TimeSpan.FromHours(8);
    private static readonly TimeSpan s_putPerTopic = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<Bytes32, MeetingTopic> _topics = [];
    private Instant _deadline = Instant.Never;
    private bool _isStale;
    private ulong _draws;

    /// <summary>The operations that hold a place, and until when; the oldest first.</summary>
    private readonly List<(MeetingTopic Topic, bool IsPut, Instant Until)> _places = [];

    /// <summary>Operations that hold a place.</summary>
    public int InFlight => _places.Count;

    /// <summary>The wall clock can be right. While it cannot, nothing is due: nobody would look where such a clock says that it is.</summary>
    public bool IsTimely { get; set; } = true;

    public IReadOnlyCollection<MeetingTopic> Topics => _topics.Values;

    /// <summary>When the next operation is due, or, while all places are held, when one becomes free.</summary>
    public Instant Deadline
    {
        get
        {
            if (_isStale)
            {
                _isStale = false;
                _deadline = Instant.Never;
                foreach (var topic in _topics.Values)
                {
                    _deadline = Instant.Min(_deadline, Instant.Min(topic.NextPut, topic.NextGet));
                }
            }

            return InFlight < MaxInFlight || _deadline == Instant.Never || _deadline > _places[0].Until ? _deadline : _places[0].Until;
        }
    }

    public MeetingTopic? Find(Bytes32 id) => _topics.GetValueOrDefault(id);

    /// <summary>These are the topics from now on; those that were there before go on as they were. True when any came or went.</summary>
    public bool Replace(IEnumerable<MeetingTopic> topics, bool isWriting, Instant now)
    {
        var before = new SortedDictionary<Bytes32, MeetingTopic>(_topics);
        _topics.Clear();
        var isChanged = false;
        foreach (var topic in topics)
        {
            if (!before.Remove(topic.Id, out var known))
            {
                known = topic;
                known.NextPut = IsTimely && isWriting && topic.IsWritten ? now + Jitter(s_spread) : Instant.Never;
                known.NextGet = IsTimely ? now + Jitter(s_spread) : Instant.Never;
                isChanged = true;
            }
            else if (known.IsWritten != topic.IsWritten)
            {
                // The newest epoch of before: whoever was removed since knows its secret, and must not see where this node is.
                known.IsWritten = topic.IsWritten;
                known.NextPut = IsTimely && isWriting && topic.IsWritten && !known.IsPutting ? now + Jitter(s_spread) : Instant.Never;
                isChanged = true;
            }

            _topics[topic.Id] = known;
        }

        _isStale = true;
        return isChanged || before.Count > 0;
    }

    /// <summary>Topics with something due, as many as there is room for: writes before lookups, so that two who start together find each other.</summary>
    public IEnumerable<(MeetingTopic Topic, bool IsPut)> Due(Instant now)
    {
        _places.RemoveAll(place => place.Until <= now);
        foreach (var isPut in (bool[])[true, false])
        {
            foreach (var topic in _topics.Values.ToList())
            {
                if (InFlight >= MaxInFlight)
                {
                    yield break;
                }

                if ((isPut ? topic.NextPut : topic.NextGet) <= now)
                {
                    yield return (topic, isPut);
                }
            }
        }
    }

    /// <summary>An operation has begun.</summary>
    public void Began(MeetingTopic topic, bool isPut, Instant now)
    {
        _places.Add((topic, isPut, now + LongestPlace));
        _isStale = true;
        if (isPut)
        {
            topic.IsPutting = true;
            topic.NextPut = Instant.Never;
        }
        else
        {
            topic.IsGetting = true;
            topic.NextGet = Instant.Never;
        }
    }

    /// <summary>Nobody is looked for here now: until <see cref="Hurry"/>.</summary>
    public void Rest(MeetingTopic topic)
    {
        topic.NextGet = Instant.Never;
        _isStale = true;
    }

    /// <summary>A write is done; <paramref name="again"/> is when it is due again at the latest.</summary>
    public void Put(MeetingTopic topic, bool isHeld, Instant again, Instant now)
    {
        Leave(topic, isPut: true);
        _isStale = true;
        topic.IsPutting = false;
        if (!topic.IsWritten || !IsTimely)
        {
            return;
        }

        topic.PutFailures = isHeld ? 0 : topic.PutFailures + 1;
        topic.NextPut = isHeld
            ? Instant.Min(again, now + Spread(Clamp(s_putPerTopic * _topics.Count, s_leastPut, s_mostPut)))
            : now + Spread(Backoff(s_firstRetry, topic.PutFailures, s_lastPutRetry));
    }

    /// <summary>A lookup is done; unless a link comes of it, there is another.</summary>
    public void Got(MeetingTopic topic, Instant now)
    {
        Leave(topic, isPut: false);
        _isStale = true;
        topic.IsGetting = false;
        if (IsTimely)
        {
            var first = topic.IsWritten ? s_firstRetry : s_firstRetryUnwritten;
            topic.NextGet = now + Spread(Backoff(first, ++topic.Misses, Longer(s_lastLookup, s_lookupPerTopic * _topics.Count)));
        }
    }

    /// <summary>Look soon: a link has ended, or the first node of the DHT has answered.</summary>
    public void Hurry(MeetingTopic topic, bool isWriting, Instant now)
    {
        _isStale = true;
        topic.Misses = 0;
        if (!IsTimely)
        {
            return;
        }

        if (!topic.IsGetting)
        {
            topic.NextGet = Instant.Min(topic.NextGet, now + Jitter(s_spread));
        }

        if (isWriting && topic.IsWritten && !topic.IsPutting)
        {
            topic.PutFailures = 0;
            topic.NextPut = Instant.Min(topic.NextPut, now + Jitter(s_spread));
        }
    }

    private void Leave(MeetingTopic topic, bool isPut) => _places.RemoveAll(place => place.Topic == topic && place.IsPut == isPut);

    private static TimeSpan Backoff(TimeSpan first, int failures, TimeSpan most) => Clamp(first * (1L << Math.Min(failures - 1, 20)), first, most);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Clamp(TimeSpan time, TimeSpan least, TimeSpan most) => time < least ? least : time > most ? most : time;

    private TimeSpan Spread(TimeSpan time) => (time * 3 / 4) + Jitter(time / 2);

    private TimeSpan Jitter(TimeSpan most) => TimeSpan.FromTicks((long)(random.Draw(RandomStream.Meeting, _draws++) % (ulong)most.Ticks));
}
