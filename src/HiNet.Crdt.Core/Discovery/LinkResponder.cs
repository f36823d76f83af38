using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// Our own records on one link: probes for their names, announces them, defends them and says goodbye (RFC 6762, sections 8
/// and 10.1). <c>LinkResponder.Answers.cs</c> answers questions.
/// </summary>
internal sealed partial class LinkResponder
{
    private const int Probes = 3;
    private const int Announcements = 2;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly MdnsContext _context;
    private readonly MdnsLinkId _link;
    private List<MdnsAddress> _addresses;
    private Phase _phase;
    private int _probesSent;
    private int _announcementsLeft;
    private Instant _next = Instant.Never;

    internal LinkResponder(MdnsContext context, MdnsLink link)
    {
        _context = context;
        _link = link.Id;
        _addresses = AddressesOf(link);
    }

    private enum Phase
    {
        Silent,
        Probing,
        Announced,
    }

    internal bool IsProbing => _phase == Phase.Probing;

    internal Instant Deadline
    {
        get
        {
            var deadline = _next;
            foreach (var pending in _pending)
            {
                deadline = Instant.Min(deadline, pending.Due);
            }

            return deadline;
        }
    }

    private OwnService Own => _context.Own;

    /// <summary>Begins, or begins again, to probe for the names that there are now.</summary>
    internal void Probe(Instant now, TimeSpan delay)
    {
        if (Own.Port == 0)
        {
            return;
        }

        _phase = Phase.Probing;
        _probesSent = 0;
        _pending.Clear();
        _next = now + delay;
    }

    /// <summary>What is said of the node has changed, or somebody seems to have forgotten it: says all of it again, as soon as it may.</summary>
    internal void Announce(Instant now)
    {
        if (_phase == Phase.Announced)
        {
            _announcementsLeft = Announcements;
            _next = now;
            foreach (var last in _lastMulticast)
            {
                _next = last is { } at && at + Second > _next ? at + Second : _next;
            }
        }
    }

    internal void SetAddresses(MdnsLink link, Instant now)
    {
        var addresses = AddressesOf(link);
        if (!addresses.SequenceEqual(_addresses))
        {
            _addresses = addresses;
            Announce(now);
        }
    }

    /// <summary>Takes records back that have been announced; before a new name, or for good.</summary>
    internal void Withdraw(OwnRecords records)
    {
        if (_phase == Phase.Announced)
        {
            Multicast(new DnsMessage { IsResponse = true, Answers = Own.Build(records, _addresses, seconds: 0) });
        }
    }

    internal void HandleDeadline(Instant now)
    {
        if (_next <= now)
        {
            Advance(now);
        }

        SendAnswers(now);
    }

    /// <summary>Looks for our own names in another's answers; true for one that says something else of them.</summary>
    internal bool IsContradictedBy(DnsMessage response, Instant now)
    {
        var isContradicted = false;
        foreach (var record in response.Answers.Concat(response.Additionals))
        {
            var own = Own.Identify(record);
            if (own != OwnRecords.None)
            {
                SeeOwn(record, own, now);
            }
            else if (_phase != Phase.Silent && Own.IsOwnName(record.Name) && record.Seconds > 0 && record.Data is not DnsData.NextSecure)
            {
                isContradicted |= _phase == Phase.Probing || IsOfOwnType(record);
            }
        }

        return isContradicted;
    }

    private static List<MdnsAddress> AddressesOf(MdnsLink link) =>
        [.. link.Subnets.Select(subnet => subnet.Address).Distinct().Take(MdnsLink.MaximumAddresses)];

    private bool IsOfOwnType(DnsRecord record) => record.Name.Equals(Own.Instance)
        ? record.Type is DnsType.Service or DnsType.Text
        : record.Type is DnsType.A or DnsType.Aaaa;

    private void SeeOwn(DnsRecord record, OwnRecords own, Instant now)
    {
        var usual = (own & (OwnRecords.Service | OwnRecords.Addresses | OwnRecords.HostTypes)) != 0 ? OwnService.HostSeconds : OwnService.LongSeconds;
        if (own == OwnRecords.Meta)
        {
            // Another has just said it: that spares us the same (RFC 6762, section 7.4).
            foreach (var pending in _pending)
            {
                pending.Records &= pending.IsUnicast || record.Seconds < usual / 2 ? pending.Records : ~OwnRecords.Meta;
            }

            _pending.RemoveAll(pending => pending.Records == OwnRecords.None);
        }
        else if (record.Seconds < usual / 2 && _announcementsLeft == 0)
        {
            // Somebody passes our record on as nearly over, or as gone: it is neither (section 6.6).
            Announce(now);
        }
    }

    private void Advance(Instant now)
    {
        if (_phase == Phase.Probing)
        {
            if (_probesSent < Probes)
            {
                SendProbe();
                _probesSent++;
                _next = now + ProbeInterval;
                return;
            }

            _phase = Phase.Announced;
            _announcementsLeft = Announcements;
            Array.Clear(_lastMulticast);
        }

        _announcementsLeft--;
        _next = _announcementsLeft > 0 ? now + Second : Instant.Never;
        MulticastOwn(OwnRecords.Announced, OwnRecords.None, now);
    }

    private void SendProbe() => Multicast(new DnsMessage
    {
        Questions = [new DnsQuestion(Own.Instance, DnsType.Any), new DnsQuestion(Own.Host, DnsType.Any)],
        Authorities = Own.Build(OwnRecords.Service | OwnRecords.Text | OwnRecords.Addresses, _addresses, flushes: false),
    });

    /// <summary>
    /// Two nodes probe for one name at once: the one whose records come first, as sorted bytes, waits a second and tries again
    /// (section 8.2). By then the other has announced them.
    /// </summary>
    private void BreakTie(DnsMessage probe, Instant now)
    {
        foreach (var name in (ReadOnlySpan<DnsName>)[Own.Instance, Own.Host])
        {
            List<DnsRecord> theirs = [.. probe.Authorities.Where(record => record.Name.Equals(name))];
            if (theirs.Any(record => Own.Identify(record) == OwnRecords.None))
            {
                var ours = Own.Build(OwnRecords.Service | OwnRecords.Text | OwnRecords.Addresses, _addresses).Where(record => record.Name.Equals(name));
                if (Compare(ours, theirs) < 0)
                {
                    _context.Count(MdnsInstruments.Conflicts);
                    Probe(now, Second);
                    return;
                }
            }
        }
    }

    private static int Compare(IEnumerable<DnsRecord> ours, IEnumerable<DnsRecord> theirs)
    {
        byte[][] left = Sorted(ours), right = Sorted(theirs);
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var order = left[i].AsSpan().SequenceCompareTo(right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    // All are of one class and of types below 256; type and data decide.
    private static byte[][] Sorted(IEnumerable<DnsRecord> records)
    {
        byte[][] sorted = [.. records.Select(record => (byte[])[(byte)record.Type, .. record.Data.ToBytes()])];
        Array.Sort(sorted, static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return sorted;
    }

    private void Multicast(DnsMessage message)
    {
        _context.Count(MdnsInstruments.Sent);
        _context.Add(new MdnsEffect.Multicast(_link, message.Write()));
    }
}
