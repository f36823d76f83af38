using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>What is known of another node on one link: that there is one, where it runs, what it says of itself, its addresses.</summary>
internal sealed class ServiceInstance(DnsName name, MdnsAddress teacher, CachedRecord pointer, Instant firstAsk)
{
    internal const int MaximumAddresses = MdnsLink.MaximumAddresses;
    private const int MaximumAsks = 4;

    private readonly List<CachedRecord> _addresses = [];
    private int _asks;
    private Instant _nextAsk = firstAsk;

    internal DnsName Name => name;

    /// <summary>Who was the first to speak of it.</summary>
    internal MdnsAddress Teacher => teacher;

    internal CachedRecord Pointer { get; set; } = pointer;

    internal CachedRecord? Service { get; private set; }

    internal CachedRecord? Text { get; private set; }

    internal IReadOnlyList<CachedRecord> Addresses => _addresses;

    internal DnsData.Service? ServiceData => (DnsData.Service?)Service?.Data;

    internal bool IsResolved => Service is not null && Text is not null && _addresses.Count > 0;

    /// <summary>Asked for in vain: as good as gone.</summary>
    internal bool IsGivenUp(Instant now) => !IsResolved && _asks >= MaximumAsks && _nextAsk <= now;

    internal Instant Next
    {
        get
        {
            var next = IsResolved ? Pointer.Next : Instant.Min(Pointer.Next, _nextAsk);
            next = Service is { } service ? Instant.Min(next, service.Next) : next;
            next = Text is { } text ? Instant.Min(next, text.Next) : next;
            foreach (var address in _addresses)
            {
                // Without a service it is not known whose addresses these are: nothing is asked about them.
                next = Instant.Min(next, Service is null ? address.Expires : address.Next);
            }

            return next;
        }
    }

    /// <summary>True when what others see of it has changed.</summary>
    internal bool SetService(CachedRecord service)
    {
        var data = (DnsData.Service)service.Data;
        var isNew = !data.Equals(ServiceData);
        if (ServiceData is { } old && !old.Target.Equals(data.Target))
        {
            _addresses.Clear();
        }

        Service = service;
        return isNew;
    }

    internal bool SetText(CachedRecord text)
    {
        var isNew = Text is null || !Text.Data.Equals(text.Data);
        Text = text;
        return isNew;
    }

    /// <summary>Null when there is no room for it, else whether it is new.</summary>
    internal bool? SetAddress(CachedRecord address)
    {
        var index = _addresses.FindIndex(known => known.Data.Equals(address.Data));
        if (index < 0 && _addresses.Count >= MaximumAddresses)
        {
            return null;
        }

        if (index >= 0)
        {
            _addresses[index] = address;
            return false;
        }

        _addresses.Add(address);
        return true;
    }

    /// <summary>The addresses of this type are those of one message: older ones go in a second (RFC 6762, section 10.2).</summary>
    internal void FlushAddresses(ushort type, Instant now)
    {
        foreach (var address in _addresses)
        {
            if (address.Data.Type == type && address.Received + TimeSpan.FromSeconds(1) < now)
            {
                address.ExpireSoon(now);
            }
        }
    }

    /// <summary>Drops what is over; true when something was.</summary>
    internal bool Expire(Instant now)
    {
        var wasResolved = IsResolved;
        var dropped = _addresses.RemoveAll(address => address.IsExpired(now)) > 0;
        if (Service?.IsExpired(now) == true)
        {
            (Service, dropped) = (null, true);
        }

        if (Text?.IsExpired(now) == true)
        {
            (Text, dropped) = (null, true);
        }

        if (wasResolved && !IsResolved)
        {
            (_asks, _nextAsk) = (0, now);
        }

        return dropped;
    }

    /// <summary>What has to be asked now: what is missing, at growing intervals, and what is about to end.</summary>
    internal IEnumerable<DnsQuestion> Questions(Instant now)
    {
        var isAsking = !IsResolved && _nextAsk <= now && _asks < MaximumAsks;
        if (isAsking)
        {
            _nextAsk = now + TimeSpan.FromSeconds(1 << _asks);
            _asks++;
        }

        if (Service is null ? isAsking : Service.TryRefresh(now))
        {
            yield return new DnsQuestion(name, DnsType.Service);
        }

        if (Text is null ? isAsking : Text.TryRefresh(now))
        {
            yield return new DnsQuestion(name, DnsType.Text);
        }

        if (ServiceData is { } service)
        {
            var isMissing = _addresses.Count == 0 && isAsking;
            foreach (var type in (ushort[])[DnsType.A, DnsType.Aaaa])
            {
                var isDue = isMissing;
                foreach (var address in _addresses.Where(address => address.Data.Type == type))
                {
                    isDue |= address.TryRefresh(now);
                }

                if (isDue)
                {
                    yield return new DnsQuestion(service.Target, type);
                }
            }
        }
    }
}
