using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Authority;

/// <summary>One entry that changes who may do what, decoded: the roles it sets and the devices it introduces.</summary>
public sealed record AuthorityOperation(
    EntryId Id,
    HybridTimestamp Hlc,
    uint Kind,
    DeviceId Device,
    IdentityId Author,
    IReadOnlyList<RoleGrant> Grants,
    IReadOnlyList<DeviceCard> Cards);

/// <summary>The one operation on members: <see cref="Role.None"/> is the lowest role.</summary>
public readonly record struct RoleGrant(IdentityId Member, Role Role);
