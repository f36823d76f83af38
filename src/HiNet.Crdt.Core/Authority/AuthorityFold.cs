using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;

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

        var standings = new SortedDictionary<IdentityId, Standing>();
        foreach (var founder in founders)
        {
            standings[founder] = new Standing(Role.Owner, (default, default));
        }

        foreach (var (identity, list) in grants)
        {
            standings[identity] = new Standing(RoleOf(identity, list, maximalOf), FirstOf(list));
        }

        var devices = new DeviceList();
        foreach (var card in ordered.SelectMany(operation => operation.Cards))
        {
            devices.Add(card);
        }

        return new AuthorityState(standings, Members(standings), devices);
    }

    /// <summary>
    /// The state of a set and one more entry, which has all of it in its past: so it alone is maximal for those whom it names, and comes last in order. What
    /// a fold makes of the two, at the price of a copy.
    /// </summary>
    internal static AuthorityState Extend(AuthorityState before, AuthorityOperation operation)
    {
        var standings = before.Standings;
        var members = before.MembersById;
        if (operation.Grants.Count > 0)
        {
            standings = new SortedDictionary<IdentityId, Standing>(standings);
            foreach (var grant in operation.Grants)
            {
                standings[grant.Member] = new Standing(
                    grant.Role,
                    grant.Role == Role.None ? null
                    : standings.TryGetValue(grant.Member, out var known) && known.First is { } first ? first
                    : (operation.Hlc, operation.Id));
            }

            members = Members(standings);
        }

        var devices = operation.Cards.Count == 0 ? before.DeviceList : before.DeviceList.Copy();
        foreach (var card in operation.Cards)
        {
            devices.Add(card);
        }

        return new AuthorityState(standings, members, devices);
    }

    private static SortedDictionary<IdentityId, MemberState> Members(SortedDictionary<IdentityId, Standing> standings)
    {
        var members = new SortedDictionary<IdentityId, MemberState>();
        foreach (var (identity, standing) in standings)
        {
            if (standing is { Role: > Role.None, First: { } first })
            {
                members[identity] = new MemberState(identity, standing.Role, first.Hlc, first.Id);
            }
        }

        CrownTheMostSenior(members);
        return members;
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

    private static (HybridTimestamp Hlc, EntryId Id)? FirstOf(List<(AuthorityOperation Operation, Role Role)> list)
    {
        var start = 0;
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Role == Role.None)
            {
                start = i + 1;
            }
        }

        // The last grant is one that stands, since no other can have it in its past: where it is none, so is the role.
        return start < list.Count ? (list[start].Operation.Hlc, list[start].Operation.Id) : null;
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

    /// <summary>The newest leaf key counts; between two of one index, which only a faulty device makes, the lower one.</summary>
    internal static bool Supersedes(DeviceCard card, DeviceCard known) =>
        card.LeafIndex != known.LeafIndex
            ? card.LeafIndex > known.LeafIndex
            : card.LeafKey.CompareTo(known.LeafKey) < 0;
}
