using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Engine.Meeting;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    /// <summary>Lookups over disjoint paths, before the cheaper ones have to do.</summary>
    private const int CarefulLookups = 3;

    private static readonly TimeSpan s_leastHurry = TimeSpan.FromMinutes(1);

    private readonly MeetingPlan _meeting;
    private Instant _mayHurryAt;
    private int _reunions;
    private List<Bytes32> _recognised = [];

    /// <summary>Without an address there is nothing to say to others.</summary>
    private bool IsWriting => _services.Options.AdvertisedAddresses.Count > 0;

    private void Meet()
    {
        if ((_dht is null && !_services.Options.UsesLan) || _isStopped || _problem is not null || !_services.Clock.IsSet)
        {
            return;
        }

        if (_topicsAreStale)
        {
            RefreshTopics();
        }

        if (_dht is null)
        {
            return;
        }

        if ((!_hasDhtContacts && _dht.Table.Count > 0) || (_dht.Reunions != _reunions && _now >= _mayHurryAt))
        {
            // What was tried before reached nobody, or only a part of the network.
            _hasDhtContacts = true;
            _reunions = _dht.Reunions;
            _mayHurryAt = _now + s_leastHurry;
            foreach (var topic in _meeting.Topics)
            {
                _meeting.Hurry(topic, IsWriting, _now);
            }
        }

        if (!_hasDhtContacts || _now < _meeting.Deadline)
        {
            return;
        }

        foreach (var (topic, isPut) in _meeting.Due(_now))
        {
            if (isPut)
            {
                Write(topic);
            }
            else if (IsWanted(topic.Subject))
            {
                Look(topic);
            }
            else
            {
                _meeting.Rest(topic);
            }
        }
    }

    /// <summary>Says where this node is, in each period that is written to now.</summary>
    private void Write(MeetingTopic topic)
    {
        var wall = _services.Clock.Wall(_now);
        var schedule = new RecordSchedule(_services.Cryptography, topic.Secret);
        var contact = DeviceContact.Create(_services.Card.Certificate, _nodeKeys.Id, _services.Options.AdvertisedAddresses);
        var again = _now + TimeSpan.FromMilliseconds(schedule.NextChange(wall) - wall);
        var periods = schedule.ToWrite(wall);
        var left = periods.Count;
        var isHeld = true;
        var sequences = topic.Sequences.ToList();
        topic.Sequences.Clear();
        _meeting.Began(topic, isPut: true, _now);
        foreach (var period in periods)
        {
            var keys = RendezvousKeys.Derive(_services.Cryptography, topic.Secret, period);
            var last = sequences.Find(known => known.Key == keys.Target).Value;
            var slot = RecordWriter.Write(_services.Cryptography, keys, _services.DeviceKey, contact, wall, last);
            topic.Sequences[keys.Target] = slot.Sequence;
            Ask(new DhtOperation.Put(slot), result =>
            {
                isHeld &= result is DhtResult.PutSlot { Holders: > 0 } or DhtResult.PutSlot { IsHeldHere: true };
                if (--left == 0)
                {
                    if (isHeld)
                    {
                        _services.Marks.Hit("meeting.written");
                    }
                    else
                    {
                        _services.Marks.Hit("meeting.unwritten");
                    }

                    _meeting.Put(topic, isHeld, again, _now);
                }
            });
        }
    }

    /// <summary>Looks where others are, in each period that may be read now.</summary>
    private void Look(MeetingTopic topic)
    {
        var wall = _services.Clock.Wall(_now);
        var periods = new RecordSchedule(_services.Cryptography, topic.Secret).ToRead(wall);
        var left = periods.Count;
        _meeting.Began(topic, isPut: false, _now);
        foreach (var period in periods)
        {
            var keys = RendezvousKeys.Derive(_services.Cryptography, topic.Secret, period);
            Ask(
                new DhtOperation.Get(keys.Target, IsDisjoint: topic.Misses < CarefulLookups),
                _ =>
                {
                    if (--left == 0)
                    {
                        _meeting.Got(topic, _now);
                    }
                },
                slot => Read(topic, keys, slot));
        }
    }

    private void Read(MeetingTopic topic, RendezvousKeys keys, DhtSlot slot)
    {
        var record = RecordReader.Open(_services.Cryptography, keys, slot, _services.Clock.Wall(_now));
        if (record.Contact is not { } contact)
        {
            _services.Marks.Hit("meeting.record.refused");
            _effects.Add(new NodeEffect.Count("hinet.meeting.records.refused", 1));
            return;
        }

        if (contact.Device != _services.Device && IsExpected(topic.Subject, contact.Certificate.Identity) && !IsLinkedTo(contact.Node))
        {
            _services.Marks.Hit("meeting.found");
            Sighted(contact.Endpoints, DialSource.Dht);
        }
    }

    /// <summary>Someone on the LAN holds secrets that this node holds too, or seems to: the link will tell.</summary>
    private void FindNeighbour(IReadOnlyList<string> addresses, IReadOnlyList<Bytes32> secrets)
    {
        foreach (var id in secrets)
        {
            if (_meeting.Find(id) is { } topic && IsWanted(topic.Subject))
            {
                _services.Marks.Hit("meeting.neighbour");
                Sighted(addresses, DialSource.Lan);
                return;
            }
        }
    }

    /// <summary>Dials where someone was seen, a few times; then the address is forgotten.</summary>
    private void Sighted(IReadOnlyList<string> addresses, DialSource source)
    {
        foreach (var address in addresses.Where(Identity.Invite.IsAddress).Take(Identity.Invite.MaxAddresses))
        {
            if (!_services.Options.AdvertisedAddresses.Contains(address) && MayBeNamedByOthers(address))
            {
                _dials.Try(address, source, _now);
            }
        }
    }

    /// <summary>Whether others may have this node dial an address.</summary>
    private bool MayBeNamedByOthers(string address) =>
        !IsOfOneMachine(address) || _services.Options.AdvertisedAddresses.Any(IsOfOneMachine);

    /// <summary>
    /// An address that means something else on each machine: whoever names it to others has them dial their own services. So is every number that
    /// is not written as an address usually is, since readers differ in what they take it for.
    /// </summary>
    private static bool IsOfOneMachine(string address)
    {
        if (Endpoint.TryParse(address, out var endpoint))
        {
            return endpoint.Scope == EndpointScope.Loopback || !endpoint.IsUsable;
        }

        var colon = address.LastIndexOf(':');
        var host = (colon < 0 ? address : address[..colon]).TrimEnd('.');
        var label = host[(host.LastIndexOf('.') + 1)..];
        return label.Length == 0
            || char.IsAsciiDigit(label[0])
            || label.AsSpan().ContainsAny("[]:")
            || label.Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Tells LAN discovery whom to recognise: those first who are looked for.</summary>
    private void Recognise()
    {
        if (!_services.Options.UsesLan)
        {
            return;
        }

        // Not under an older epoch's secret, which who was removed knows too.
        var secrets = _meeting.Topics
            .Where(topic => topic.IsWritten)
            .OrderBy(topic => IsWanted(topic.Subject) ? 0 : 1)
            .Take(MdnsMachine.MaximumSecrets)
            .Select(topic => new MdnsSecret(topic.Id, topic.LanSecret))
            .ToList();
        var ids = secrets.ConvertAll(secret => secret.Id);
        if (!ids.SequenceEqual(_recognised))
        {
            _recognised = ids;
            _effects.Add(new NodeEffect.Recognise(secrets));
        }
    }
}
