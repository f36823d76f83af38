using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Authority;

/// <summary>
/// Folds a causally closed set of authority entries into a state. A member's role is the lowest among the causally maximal
/// operations on them, so leaving beats a concurrent grant. A function of the set: the order of arrival plays no part.
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
            var role = LowestMaximal(list, maximalOf);
            if (role == Role.None)
            {
                members.Remove(identity);
                continue;
            }

            var since = SinceOf(list);
            members[identity] = new MemberState(identity, role, since.Hlc, since.Id);
        }

        CrownTheMostSenior(members);
        return new AuthorityState(members, Devices(ordered), [.. ordered.SelectMany(operation => operation.Cards).Select(card => card.Device).Distinct()]);
    }

    private static Role LowestMaximal(
        List<(AuthorityOperation Operation, Role Role)> list,
        Func<IReadOnlyList<AuthorityOperation>, IReadOnlyList<int>> maximalOf) =>
        maximalOf([.. list.Select(grant => grant.Operation)]).Min(place => list[place].Role);

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

    private static SortedDictionary<DeviceId, DeviceState> Devices(List<AuthorityOperation> ordered)
    {
        var devices = new SortedDictionary<DeviceId, DeviceState>();
        foreach (var card in ordered.SelectMany(o => o.Cards))
        {
            if (!devices.TryGetValue(card.Device, out var known) || Supersedes(card, known.Card))
            {
                devices[card.Device] = new DeviceState(card.Device, card.Identity, card);
            }
        }

        return devices;
    }

    /// <summary>The newest leaf key counts; between two of one index, which only a faulty device makes, the lower one.</summary>
    internal static bool Supersedes(DeviceCard card, DeviceCard known) =>
        card.LeafIndex != known.LeafIndex
            ? card.LeafIndex > known.LeafIndex
            : card.LeafKey.CompareTo(known.LeafKey) < 0;
}
