using System.Numerics;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>Answers to questions (RFC 6762, sections 5.4, 6 and 7).</summary>
internal sealed partial class LinkResponder
{
    private const int MaximumPending = 32;

    // Unicast answers are larger than their questions: this many a second, whoever seems to ask.
    private const int UnicastsPerSecond = 20;
    private const uint LegacySeconds = 10;

    private readonly List<PendingAnswer> _pending = [];
    private readonly Instant?[] _lastMulticast = new Instant?[BitOperations.Log2((uint)OwnRecords.HostTypes) + 1];
    private readonly RateLimit _unicasts = new(UnicastsPerSecond);

    private OwnRecords Available => _addresses.Aggregate(
        ~OwnRecords.Addresses,
        (available, address) => available | (address.IsIPv4 ? OwnRecords.IPv4 : OwnRecords.IPv6));

    internal void TakeQuery(DnsMessage query, MdnsAddress asker, ushort port, Instant now)
    {
        if (_phase == Phase.Probing)
        {
            BreakTie(query, now);
            return;
        }

        if (_phase != Phase.Announced)
        {
            return;
        }

        var known = KnownTo(query);
        if (query.Questions.Count == 0)
        {
            // The rest of what the asker knows, after a question that said that there is more.
            foreach (var pending in _pending.Where(pending => pending.AwaitsMore && pending.Asker == asker))
            {
                pending.Records &= ~known;
            }

            _pending.RemoveAll(pending => pending.Records == OwnRecords.None);
        }
        else if (port != MdnsMachine.Port)
        {
            AnswerLegacy(query, asker, port, known, now);
        }
        else
        {
            Schedule(query, asker, known, now);
        }
    }

    private void Schedule(DnsMessage query, MdnsAddress asker, OwnRecords known, Instant now)
    {
        var (multicast, unicast) = (OwnRecords.None, OwnRecords.None);
        foreach (var question in query.Questions)
        {
            var answers = AnswersTo(question) & ~known;
            var isFresh = question.WantsUnicast && IsFresh(answers, now);
            multicast |= isFresh ? OwnRecords.None : answers;
            unicast |= isFresh ? answers : OwnRecords.None;
        }

        var isProbe = query.Authorities.Count > 0;
        Add(multicast, false);
        Add(unicast & ~multicast, true);

        void Add(OwnRecords records, bool isUnicast)
        {
            if (records == OwnRecords.None)
            {
                return;
            }

            if (_pending.Count >= MaximumPending)
            {
                _context.Count(MdnsInstruments.Dropped);
                return;
            }

            // Who asks for what only we have is answered at once; where others answer too, each draws a moment.
            var delay = query.IsTruncated ? _context.Jitter(400, 500)
                : (records & OwnRecords.Shared) != 0 && !isProbe ? _context.Jitter(20, 120)
                : TimeSpan.Zero;
            _pending.Add(new PendingAnswer
            {
                Records = records,
                Due = now + delay,
                Asker = asker,
                IsUnicast = isUnicast,
                AwaitsMore = query.IsTruncated,
                IsDefence = isProbe,
            });
        }
    }

    private void AnswerLegacy(DnsMessage query, MdnsAddress asker, ushort port, OwnRecords known, Instant now)
    {
        var answers = query.Questions.Aggregate(OwnRecords.None, (all, question) => all | AnswersTo(question)) & ~known;
        if (answers == OwnRecords.None || !_unicasts.TryTake(now))
        {
            return;
        }

        _context.Count(MdnsInstruments.Sent);
        var answer = new DnsMessage
        {
            Id = query.Id,
            IsResponse = true,
            Questions = [.. query.Questions.Where(question => AnswersTo(question) != OwnRecords.None).Take(4).Select(question => question with { WantsUnicast = false })],
            Answers = Own.Build(answers, _addresses, LegacySeconds, flushes: false),
            Additionals = Own.Build(WithIt(answers), _addresses, LegacySeconds, flushes: false),
        };
        _context.Add(new MdnsEffect.Unicast(_link, asker, port, answer.Write(compressData: false)));
    }

    private void SendAnswers(Instant now)
    {
        var answers = OwnRecords.None;
        foreach (var pending in _pending.Where(pending => pending.Due <= now && !pending.IsUnicast))
        {
            answers |= Allowed(pending, now);
        }

        foreach (var pending in _pending)
        {
            if (pending.Due <= now && pending.IsUnicast && _unicasts.TryTake(now))
            {
                _context.Count(MdnsInstruments.Sent);
                var message = Answer(pending.Records, WithIt(pending.Records));
                _context.Add(new MdnsEffect.Unicast(_link, pending.Asker, MdnsMachine.Port, message.Write()));
            }

            pending.Records &= pending.IsUnicast ? (pending.Due <= now ? OwnRecords.None : pending.Records) : ~answers;
        }

        _pending.RemoveAll(pending => pending.Records == OwnRecords.None);
        if (answers != OwnRecords.None)
        {
            MulticastOwn(answers, WithIt(answers), now);
        }

        // What is left was multicast less than a second ago.
        foreach (var pending in _pending.Where(pending => pending.Due <= now))
        {
            pending.Due = LastOf(pending.Records) + PauseOf(pending);
        }
    }

    private void MulticastOwn(OwnRecords answers, OwnRecords additionals, Instant now)
    {
        foreach (var bit in Bits(additionals))
        {
            additionals &= _lastMulticast[bit] is { } last && last + Second > now ? ~(OwnRecords)(1 << bit) : additionals;
        }

        foreach (var bit in Bits(answers | additionals))
        {
            _lastMulticast[bit] = now;
        }

        Multicast(Answer(answers, additionals));
    }

    private DnsMessage Answer(OwnRecords answers, OwnRecords additionals) => new()
    {
        IsResponse = true,
        Answers = Own.Build(answers, _addresses),
        Additionals = Own.Build(additionals, _addresses),
    };

    private OwnRecords AnswersTo(DnsQuestion question)
    {
        var (name, type) = (question.Name, question.Type);
        if (name.Equals(OwnService.MetaType) || name.Equals(OwnService.Type))
        {
            var pointer = name.Equals(OwnService.Type) ? OwnRecords.Pointer : OwnRecords.Meta;
            return type is DnsType.Pointer or DnsType.Any ? pointer : OwnRecords.None;
        }

        if (name.Equals(Own.Instance))
        {
            return type switch
            {
                DnsType.Service => OwnRecords.Service,
                DnsType.Text => OwnRecords.Text,
                DnsType.Any => OwnRecords.Service | OwnRecords.Text,
                _ => OwnRecords.InstanceTypes,
            };
        }

        if (!name.Equals(Own.Host))
        {
            return OwnRecords.None;
        }

        var addresses = Available & type switch
        {
            DnsType.A => OwnRecords.IPv4,
            DnsType.Aaaa => OwnRecords.IPv6,
            DnsType.Any => OwnRecords.Addresses,
            _ => OwnRecords.None,
        };
        return addresses != OwnRecords.None ? addresses : OwnRecords.HostTypes;
    }

    // What whoever asked will ask next (RFC 6763, section 12).
    private OwnRecords WithIt(OwnRecords answers)
    {
        var more = OwnRecords.None;
        if ((answers & OwnRecords.Pointer) != 0)
        {
            more |= OwnRecords.Service | OwnRecords.Text | OwnRecords.Addresses;
        }

        if ((answers & (OwnRecords.Service | OwnRecords.Addresses)) != 0)
        {
            more |= OwnRecords.Addresses;
        }

        return more & Available & ~answers;
    }

    // A set counts as known when each of its records is, with half of its time left.
    private OwnRecords KnownTo(DnsMessage query)
    {
        var known = OwnRecords.None;
        var addresses = new HashSet<MdnsAddress>();
        foreach (var record in query.Answers)
        {
            var own = Own.Identify(record);
            var usual = (own & (OwnRecords.Service | OwnRecords.Addresses | OwnRecords.HostTypes)) != 0 ? OwnService.HostSeconds : OwnService.LongSeconds;
            var isOld = own == OwnRecords.Text && !((DnsData.Text)record.Data).Bytes.Span.SequenceEqual(Own.Text.Span);
            if (record.Seconds < usual / 2 || isOld)
            {
                continue;
            }

            if (record.Data is DnsData.Address address && own != OwnRecords.None)
            {
                addresses.Add(address.Value);
            }
            else
            {
                known |= own;
            }
        }

        known |= _addresses.All(address => !address.IsIPv4 || addresses.Contains(address)) ? OwnRecords.IPv4 : OwnRecords.None;
        known |= _addresses.All(address => address.IsIPv4 || addresses.Contains(address)) ? OwnRecords.IPv6 : OwnRecords.None;
        return known;
    }

    // Fresh: everybody has heard it within a quarter of its time, so that one answer to the asker is enough.
    private bool IsFresh(OwnRecords records, Instant now)
    {
        foreach (var bit in Bits(records))
        {
            var seconds = (OwnRecords)(1 << bit) is OwnRecords.Service or OwnRecords.IPv4 or OwnRecords.IPv6 or OwnRecords.HostTypes
                ? OwnService.HostSeconds
                : OwnService.LongSeconds;
            if (_lastMulticast[bit] is not { } last || last + TimeSpan.FromSeconds(seconds / 4) < now)
            {
                return false;
            }
        }

        return true;
    }

    private OwnRecords Allowed(PendingAnswer pending, Instant now)
    {
        var allowed = pending.Records;
        foreach (var bit in Bits(allowed))
        {
            allowed &= _lastMulticast[bit] is { } last && last + PauseOf(pending) > now ? ~(OwnRecords)(1 << bit) : allowed;
        }

        return allowed;
    }

    private static TimeSpan PauseOf(PendingAnswer pending) => pending.IsDefence ? ProbeInterval : Second;

    private Instant LastOf(OwnRecords records)
    {
        var latest = new Instant(0);
        foreach (var bit in Bits(records))
        {
            latest = _lastMulticast[bit] is { } last && last > latest ? last : latest;
        }

        return latest;
    }

    private static IEnumerable<int> Bits(OwnRecords records)
    {
        for (var bit = 0; bit <= BitOperations.Log2((uint)OwnRecords.HostTypes); bit++)
        {
            if (((int)records & (1 << bit)) != 0)
            {
                yield return bit;
            }
        }
    }
}
