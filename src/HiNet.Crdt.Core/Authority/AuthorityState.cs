using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Authority;

/// <summary>Who is a member and which devices are theirs, as a function of a causally closed set of authority entries.</summary>
public sealed class AuthorityState
{
    private readonly SortedDictionary<IdentityId, MemberState> _members;
    private readonly SortedDictionary<DeviceId, DeviceState> _devices;
    private IReadOnlyList<DeviceState>? _authorized;

    /// <summary>Devices of members that may be authorised, in all: as many as an epoch has room for.</summary>
    public const int AuthorizedDevicesInAll = 2_048;

    /// <summary>Devices of one person that may be authorised: those that were introduced first.</summary>
    public const int AuthorizedDevicesOfOnePerson = 64;

    /// <param name="standings">Of everybody on whom there is a grant.</param>
    /// <param name="members">Those of them who are members, one of them crowned where nobody else has authority.</param>
    /// <param name="devices">Theirs, and those of who was a member.</param>
    internal AuthorityState(
        SortedDictionary<IdentityId, Standing> standings, SortedDictionary<IdentityId, MemberState> members, DeviceList devices)
    {
        Standings = standings;
        DeviceList = devices;
        _members = members;
        _devices = devices.Devices;
    }

    internal SortedDictionary<IdentityId, Standing> Standings { get; }

    internal DeviceList DeviceList { get; }

    /// <summary>In order of identity.</summary>
    public IReadOnlyCollection<MemberState> Members => _members.Values;

    /// <summary>The devices introduced here, of each person the first ones, in order of device.</summary>
    public IReadOnlyCollection<DeviceState> Devices => _devices.Values;

    /// <summary>
    /// Devices of present members, in order of device: the recipients of an epoch created here. A person's first device comes before
    /// anyone's second one, so that whoever introduces many takes nobody's place.
    /// </summary>
    public IReadOnlyList<DeviceState> AuthorizedDevices => _authorized ??= Authorize(DeviceList.Introduced);

    /// <summary>Digest of <see cref="AuthorizedDevices"/> and their leaf keys, once someone has computed it.</summary>
    internal Bytes32? RecipientsDigest { get; set; }

    public Role RoleOf(IdentityId identity) =>
        _members.TryGetValue(identity, out var member) ? member.Role : Role.None;

    public bool TryGetDevice(DeviceId device, out DeviceState state) => _devices.TryGetValue(device, out state);

    /// <summary>Whether a device is one of <see cref="AuthorizedDevices"/>.</summary>
    public bool IsAuthorized(DeviceId device)
    {
        var (low, high) = (0, AuthorizedDevices.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = AuthorizedDevices[middle].Device.CompareTo(device);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        return false;
    }

    /// <summary>How many devices of a person there are here, whether or not they are a member.</summary>
    public int DevicesOf(IdentityId identity) => DeviceList.CountOf(identity);

    /// <summary>Members by identity; a state that differs in none of them shares it.</summary>
    internal SortedDictionary<IdentityId, MemberState> MembersById => _members;

    /// <summary>Whether a card says what is not known yet: another device, or a newer leaf key of a known one.</summary>
    public bool IsNews(DeviceCard card) => !_devices.TryGetValue(card.Device, out var known) || card.LeafIndex > known.Card.LeafIndex;

    /// <summary>Whether a device may write content: it is authorised and its person is at least a member.</summary>
    public bool MayWrite(DeviceId device) =>
        _devices.TryGetValue(device, out var state) && RoleOf(state.Identity) >= Role.Member && IsAuthorized(device);

    /// <summary>
    /// Whether <paramref name="author"/> may set the target's role here: leaving or stepping down oneself; else
    /// an Admin or higher on those not above them, up to their own role.
    /// </summary>
    public bool Permits(IdentityId author, RoleGrant grant)
    {
        var role = RoleOf(author);
        if (grant.Member == author)
        {
            return grant.Role < role;
        }

        return role >= Role.Admin && role >= RoleOf(grant.Member) && grant.Role <= role;
    }

    private List<DeviceState> Authorize(IReadOnlyList<DeviceId> introduced)
    {
        var ranks = new SortedDictionary<IdentityId, int>();
        var ranked = new List<(int Rank, DeviceState Device)>(introduced.Count);
        foreach (var id in introduced)
        {
            var device = _devices[id];
            if (RoleOf(device.Identity) >= Role.Reader)
            {
                var rank = ranks.GetValueOrDefault(device.Identity);
                ranks[device.Identity] = rank + 1;
                ranked.Add((rank, device));
            }
        }

        // A stable order: of one rank, who was introduced first.
        return
        [
            .. ranked.Where(device => device.Rank < AuthorizedDevicesOfOnePerson)
                .OrderBy(device => device.Rank)
                .Take(AuthorizedDevicesInAll)
                .Select(device => device.Device)
                .OrderBy(device => device.Device),
        ];
    }
}
