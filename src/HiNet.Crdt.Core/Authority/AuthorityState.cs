namespace HiNet.Crdt.Core.Authority;

/// <summary>Who is a member and which devices are theirs, as a function of a causally closed set of authority entries.</summary>
public sealed class AuthorityState
{
    private readonly SortedDictionary<IdentityId, MemberState> _members;
    private readonly SortedDictionary<DeviceId, DeviceState> _devices;

    internal AuthorityState(SortedDictionary<IdentityId, MemberState> members, SortedDictionary<DeviceId, DeviceState> devices)
    {
        _members = members;
        _devices = devices;
        AuthorizedDevices = [.. devices.Values.Where(device => RoleOf(device.Identity) >= Role.Reader)];
    }

    /// <summary>In order of identity.</summary>
    public IReadOnlyCollection<MemberState> Members => _members.Values;

    /// <summary>Every device ever introduced here, in order of device.</summary>
    public IReadOnlyCollection<DeviceState> Devices => _devices.Values;

    /// <summary>Devices of present members, in order of device: the recipients of an epoch created here.</summary>
    public IReadOnlyList<DeviceState> AuthorizedDevices { get; }

    /// <summary>Digest of <see cref="AuthorizedDevices"/> and their leaf keys, once someone has computed it.</summary>
    internal Bytes32? RecipientsDigest { get; set; }

    public Role RoleOf(IdentityId identity) =>
        _members.TryGetValue(identity, out var member) ? member.Role : Role.None;

    public bool TryGetDevice(DeviceId device, out DeviceState state) => _devices.TryGetValue(device, out state);

    /// <summary>Whether a device may write content: it is introduced and its person is at least a member.</summary>
    public bool MayWrite(DeviceId device) =>
        _devices.TryGetValue(device, out var state) && RoleOf(state.Identity) >= Role.Member;

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
}
