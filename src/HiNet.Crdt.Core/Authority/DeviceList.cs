using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Authority;

/// <summary>
/// Of each person the devices that were introduced first, as many as may be authorised: what is introduced beside others, in ignorance of them, can be any
/// number. A device stays whose it is first. Filled in the order of a fold.
/// </summary>
internal sealed class DeviceList
{
    private readonly SortedDictionary<DeviceId, DeviceState> _devices;
    private readonly List<DeviceId> _introduced;

    /// <summary>How many of <see cref="_devices"/> each person has: at most what may be authorised.</summary>
    private readonly Dictionary<IdentityId, int> _counts;

    public DeviceList()
        : this([], [], [])
    {
    }

    private DeviceList(SortedDictionary<DeviceId, DeviceState> devices, List<DeviceId> introduced, Dictionary<IdentityId, int> counts)
    {
        _devices = devices;
        _introduced = introduced;
        _counts = counts;
    }

    public SortedDictionary<DeviceId, DeviceState> Devices => _devices;

    /// <summary>The same, in the order in which they were first introduced.</summary>
    public IReadOnlyList<DeviceId> Introduced => _introduced;

    public DeviceList Copy() => new(new SortedDictionary<DeviceId, DeviceState>(_devices), [.. _introduced], new Dictionary<IdentityId, int>(_counts));

    public int CountOf(IdentityId identity) => _counts.GetValueOrDefault(identity);

    public void Add(DeviceCard card)
    {
        if (_devices.TryGetValue(card.Device, out var known))
        {
            if (known.Identity == card.Identity && AuthorityFold.Supersedes(card, known.Card))
            {
                _devices[card.Device] = known with { Card = card };
            }
        }
        else if (CountOf(card.Identity) < AuthorityState.AuthorizedDevicesOfOnePerson)
        {
            _devices.Add(card.Device, new DeviceState(card.Device, card.Identity, card));
            _introduced.Add(card.Device);
            _counts[card.Identity] = CountOf(card.Identity) + 1;
        }
    }
}
