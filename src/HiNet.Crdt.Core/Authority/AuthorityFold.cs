using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Authority;

/// <summary>
/// Folds a causally closed set of authority entries into a state. Of the causally maximal operations on a member the lowest of their own counts,
/// so leaving beats a concurrent grant; where none is their own, the highest, so nobody lowers another by a grant that knows nothing of a higher one. A
/// function of the set: the order of arrival plays no part.
/// </summary>
public static class AuthorityFold
{
    /// <param name="founders">Members before the first entry: both people of a direct conversation; empty for a group.</param>
    /// <param name="operations">The set, in any order.</param>
    /// <param name="maximalOf">Of operations in order of time, the places of those that are in the causal past of none of the others.</param>
    public static AuthorityState Fold(
        IReadOnlyList<IdentityId> founders,
        IReadOnlyList<AuthorityOperation> operations,
        Func<IReadOnlyList<AuthorityOperation>, IReadOnlyList<int>> maximalOf)
    {
        var ordered = operations.OrderBy(o => o.Hlc).ThenBy(o => o.Id).ToList();
        var grants = new SortedDictionary<IdentityId, List<(AuthorityOperation Operation, Role Role)>>();
        foreach (var operation in ordered)
        {
            foreach (var grant in operation.Grants)
            {
                if (!grants.TryGetValue(grant.Member, out var list))
                {
                    grants[grant.Member] = list = [];
                }

                list.Add((operation, grant.Role));
            }
        }

        var members = new SortedDictionary<IdentityId, MemberState>();
        foreach (var founder in founders)
        {
            members[founder] = new MemberState(founder, Role.Owner, default, default);
        }

        foreach (var (identity, list) in grants)
        {
            var role = RoleOf(identity, list, maximalOf);
            if (role == Role.None)
            {
                members.Remove(identity);
                continue;
            }

            var since = SinceOf(list);
            members[identity] = new MemberState(identity, role, since.Hlc, since.Id);
        }

        CrownTheMostSenior(members);
        var (devices, introduced) = Devices(ordered);
        return new AuthorityState(members, devices, introduced);
    }

    private static Role RoleOf(
        IdentityId member,
        List<(AuthorityOperation Operation, Role Role)> list,
        Func<IReadOnlyList<AuthorityOperation>, IReadOnlyList<int>> maximalOf)
    {
        Role? own = null;
        var others = Role.None;
        foreach (var place in maximalOf([.. list.Select(grant => grant.Operation)]))
        {
            var (operation, role) = list[place];
            if (operation.Author == member || role == Role.None)
            {
                own = role < own ? role : own ?? role;
            }
            else
            {
                others = role > others ? role : others;
            }
        }

        return own ?? others;
    }

    private static AuthorityOperation SinceOf(List<(AuthorityOperation Operation, Role Role)> list)
    {
        var start = 0;
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Role == Role.None)
            {
                start = i + 1;
            }
        }

        // The last grant is one that stands: no other can have it in its past, so were it none, the role would be none.
        return list[start].Operation;
    }

    /// <summary>Somebody always has authority: without an Admin the most senior Member, else Reader, acts as Owner.</summary>
    private static void CrownTheMostSenior(SortedDictionary<IdentityId, MemberState> members)
    {
        if (members.Count == 0 || members.Values.Any(m => m.Role >= Role.Admin))
        {
            return;
        }

        var heir = members.Values
            .OrderByDescending(m => m.Role >= Role.Member)
            .ThenBy(m => m.Since).ThenBy(m => m.Grant).ThenBy(m => m.Identity)
            .First();
        members[heir.Identity] = heir with { Role = Role.Owner };
    }

    /// <summary>
    /// Of each person the devices that were introduced first, as many as may be authorised: what is introduced beside others, in ignorance of them, can be any
    /// number. With them, in which order they were.
    /// </summary>
    private static (SortedDictionary<DeviceId, DeviceState> Devices, List<DeviceId> Introduced) Devices(List<AuthorityOperation> ordered)
    {
        var devices = new SortedDictionary<DeviceId, DeviceState>();
        var counts = new Dictionary<IdentityId, int>();
        var introduced = new List<DeviceId>();
        foreach (var card in ordered.SelectMany(o => o.Cards))
        {
            if (devices.TryGetValue(card.Device, out var known))
            {
                devices[card.Device] = Supersedes(card, known.Card) ? new DeviceState(card.Device, card.Identity, card) : known;
                continue;
            }

            var count = counts.GetValueOrDefault(card.Identity);
            if (count < AuthorityState.AuthorizedDevicesOfOnePerson)
            {
                counts[card.Identity] = count + 1;
                devices.Add(card.Device, new DeviceState(card.Device, card.Identity, card));
                introduced.Add(card.Device);
            }
        }

        return (devices, introduced);
    }

    /// <summary>The newest leaf key counts; between two of one index, which only a faulty device makes, the lower one.</summary>
    internal static bool Supersedes(DeviceCard card, DeviceCard known) =>
        card.LeafIndex != known.LeafIndex
            ? card.LeafIndex > known.LeafIndex
            : card.LeafKey.CompareTo(known.LeafKey) < 0;
}
