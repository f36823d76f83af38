using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// Looks for other nodes on one link: asks for instances of our type at growing intervals, keeps only what concerns them, and
/// keeps it only as long as it holds (RFC 6762, sections 5.2, 7.1 and 10).
/// </summary>
internal sealed class LinkBrowser
{
    /// <summary>Instances that are kept of one link.</summary>
    internal const int MaximumInstances = 128;

    /// <summary>Of these, those that one address was the first to speak of.</summary>
    internal const int MaximumTaught = 32;

    /// <summary>Addresses that are looked at in one message; each may belong to every instance that is known.</summary>
    internal const int MaximumAddresses = 64;

    private const int MaximumQuestions = 16;
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EchoPatience = TimeSpan.FromMilliseconds(100);

    private readonly MdnsContext _context;
    private readonly SortedDictionary<DnsName, ServiceInstance> _instances = [];
    private readonly List<DnsQuestion> _questions = [];
    private readonly List<(byte[] Query, Instant Until)> _echoes = [];
    private MdnsLink _link;
    private Instant _nextBrowse = Instant.Never;
    private TimeSpan _interval;
    private Instant _nextInstance = Instant.Never;
    private Instant _quietUntil = new(0);

    internal LinkBrowser(MdnsContext context, MdnsLink link)
    {
        _context = context;
        _link = link;
    }

    internal IReadOnlyDictionary<DnsName, ServiceInstance> Instances => _instances;

    internal Instant Deadline
    {
        get
        {
            var next = _questions.Count > 0 ? _quietUntil : Instant.Min(_nextBrowse, _nextInstance);
            return next > _quietUntil ? next : _quietUntil;
        }
    }

    internal void Browse(Instant now)
    {
        _nextBrowse = now + _context.Jitter(20, 120);
        _interval = FirstInterval;
    }

    internal void SetLink(MdnsLink link) => _link = link;

    /// <summary>
    /// True for our own question as the group gives it back, which is not for us to answer. Each is taken once: another node of
    /// this machine may ask the very same.
    /// </summary>
    internal bool IsEcho(ReadOnlySpan<byte> query, Instant now)
    {
        _echoes.RemoveAll(echo => echo.Until < now);
        for (var i = 0; i < _echoes.Count; i++)
        {
            if (query.SequenceEqual(_echoes[i].Query))
            {
                _echoes.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>The link is gone: what was found here is to be judged again.</summary>
    internal void Leave() => _context.Changed.UnionWith(_instances.Keys);

    internal void TakeResponse(DnsMessage response, MdnsAddress source, Instant now)
    {
        List<DnsRecord> records = [.. response.Answers, .. response.Additionals];
        foreach (var record in records.Where(record => record.Data is DnsData.Pointer && record.Name.Equals(OwnService.Type)))
        {
            TakePointer(record, source, now);
        }

        foreach (var record in records.Where(record => record.Data is DnsData.Service or DnsData.Text))
        {
            TakeDetail(record, now);
        }

        TakeAddresses(records, now);
        SetNextInstance();
    }

    internal void HandleDeadline(Instant now)
    {
        if (Deadline > now)
        {
            return;
        }

        Expire(now);
        if (_nextBrowse <= now)
        {
            Ask(new DnsQuestion(OwnService.Type, DnsType.Pointer));
            _nextBrowse = now + _interval + _context.Jitter(0, 100);
            _interval = _interval * 2 < LongestInterval ? _interval * 2 : LongestInterval;
        }

        foreach (var instance in _instances.Values)
        {
            if (instance.Pointer.TryRefresh(now))
            {
                Ask(new DnsQuestion(OwnService.Type, DnsType.Pointer));
            }

            foreach (var question in instance.Questions(now))
            {
                Ask(question);
            }
        }

        SetNextInstance();
        Send(now);
    }

    private void Ask(DnsQuestion question)
    {
        if (!_questions.Contains(question))
        {
            _questions.Add(question);
        }
    }

    private void Expire(Instant now)
    {
        foreach (var (name, instance) in _instances.ToArray())
        {
            if (instance.Expire(now))
            {
                _context.Changed.Add(name);
            }

            if (instance.Pointer.IsExpired(now) || instance.IsGivenUp(now))
            {
                _instances.Remove(name);
                _context.Changed.Add(name);
            }
        }
    }

    private void TakePointer(DnsRecord record, MdnsAddress source, Instant now)
    {
        var name = ((DnsData.Pointer)record.Data).Target;
        if (!name.IsChildOf(OwnService.Type) || _context.Own.IsOwnInstance(name))
        {
            return;
        }

        _instances.TryGetValue(name, out var instance);
        if (record.Seconds == 0)
        {
            instance?.Pointer.ExpireSoon(now);
        }
        else if (instance is not null)
        {
            instance.Pointer = Cache(record, now);
        }
        else if (CountOf(source) < MaximumTaught && MakeRoom(source))
        {
            _instances.Add(name, new ServiceInstance(name, source, Cache(record, now), now + _context.Jitter(20, 120)));
        }
        else
        {
            _context.Count(MdnsInstruments.Refused);
        }
    }

    private int CountOf(MdnsAddress teacher) => _instances.Values.Count(instance => instance.Teacher == teacher);

    // A name of which nothing more has been heard makes room for a newcomer; a node that is there does, where whoever spoke of it has
    // spoken of more than whoever speaks of the newcomer.
    private bool MakeRoom(MdnsAddress source)
    {
        if (_instances.Count < MaximumInstances)
        {
            return true;
        }

        if (_instances.Values.FirstOrDefault(instance => !instance.IsResolved) is { } unresolved)
        {
            return _instances.Remove(unresolved.Name);
        }

        var most = _instances.Values.GroupBy(instance => instance.Teacher).MaxBy(taught => taught.Count())!;
        if (most.Count() <= CountOf(source) + 1)
        {
            return false;
        }

        _context.Changed.Add(most.Last().Name);
        return _instances.Remove(most.Last().Name);
    }

    private void TakeDetail(DnsRecord record, Instant now)
    {
        if (!_instances.TryGetValue(record.Name, out var instance))
        {
            return;
        }

        if (record.Seconds == 0)
        {
            (record.Data is DnsData.Service ? instance.Service : instance.Text)?.ExpireSoon(now);
        }
        else if (record.Data is DnsData.Service { Port: 0 })
        {
            _context.Count(MdnsInstruments.Refused);
        }
        else if (record.Data is DnsData.Service ? instance.SetService(Cache(record, now)) : instance.SetText(Cache(record, now)))
        {
            _context.Changed.Add(instance.Name);
        }
    }

    private void TakeAddresses(List<DnsRecord> records, Instant now)
    {
        var byTarget = _instances.Values.Where(instance => instance.ServiceData is not null).ToLookup(instance => instance.ServiceData!.Target);
        foreach (var record in records.Where(record => record.Data is DnsData.Address && byTarget.Contains(record.Name)).Take(MaximumAddresses))
        {
            foreach (var instance in byTarget[record.Name])
            {
                TakeAddress(instance, record, now);
            }
        }
    }

    private void TakeAddress(ServiceInstance instance, DnsRecord record, Instant now)
    {
        if (record.Seconds == 0)
        {
            instance.Addresses.FirstOrDefault(address => address.Data.Equals(record.Data))?.ExpireSoon(now);
            return;
        }

        // Elsewhere than on this link may be a victim that we were to send to.
        if (!_link.IsOnLink(((DnsData.Address)record.Data).Value) || instance.SetAddress(Cache(record, now)) is not { } isNew)
        {
            _context.Count(MdnsInstruments.Refused);
            return;
        }

        if (record.Flushes)
        {
            instance.FlushAddresses(record.Type, now);
        }

        if (isNew)
        {
            _context.Changed.Add(instance.Name);
        }
    }

    private CachedRecord Cache(DnsRecord record, Instant now) => new(record.Data, record.Seconds, _context, now);

    private void SetNextInstance()
    {
        _nextInstance = Instant.Never;
        foreach (var instance in _instances.Values)
        {
            _nextInstance = Instant.Min(_nextInstance, instance.Next);
        }
    }

    private void Send(Instant now)
    {
        if (_questions.Count == 0)
        {
            return;
        }

        // No question wants a unicast answer: where programs share the port, only one of them would get it (section 15.1).
        List<DnsQuestion> questions = [.. _questions.Take(MaximumQuestions)];
        _questions.RemoveRange(0, questions.Count);
        var known = questions.Any(question => question.Type == DnsType.Pointer) ? KnownAnswers(now) : [];
        var room = 24;
        do
        {
            var fitting = known.Take(room).ToList();
            known = known[fitting.Count..];
            _context.Count(MdnsInstruments.Sent);
            var message = new DnsMessage { Questions = questions, Answers = fitting, IsTruncated = known.Count > 0 };
            var bytes = message.Write();
            _echoes.Add((bytes, now + EchoPatience));
            _context.Add(new MdnsEffect.Multicast(_link.Id, bytes));
            questions = [];
            room = 32;
        }
        while (known.Count > 0);

        _quietUntil = now + LeastPause;
    }

    private List<DnsRecord> KnownAnswers(Instant now) =>
        [.. _instances.Values
            .Where(instance => instance.Pointer.KnownSeconds(now) > 0)
            .Select(instance => new DnsRecord(OwnService.Type, instance.Pointer.Data, instance.Pointer.KnownSeconds(now)))];
}
