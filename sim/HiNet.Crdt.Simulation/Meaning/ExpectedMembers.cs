using HiNet.Crdt.Simulation.Invariants;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Who is a member after a set of grants (specs/09-authority.md, "The fold"), by following every entry's past: for each person the
/// lowest role among the grants that no other grant on them has in its past. Somebody is always owner.
/// </summary>
internal sealed class ExpectedMembers(ConversationLedger ledger)
{
    private readonly SortedDictionary<IdentityId, List<(LedgerEntry Entry, Role Role)>> _grants = [];
    private readonly List<IdentityId> _founders = [];

    /// <summary>Someone who was granted roles by two entries that did not know of each other.</summary>
    public bool HasConcurrentGrants => _grants.Values.Any(grants => grants.Exists(one => grants.Exists(other => AreConcurrent(one.Entry, other.Entry))));

    /// <summary>Someone who is a member without a grant: both people of a direct conversation.</summary>
    public void Begin(IdentityId person) => _founders.Add(person);

    public void Grant(LedgerEntry entry, IdentityId person, Role role)
    {
        if (!_grants.TryGetValue(person, out var grants))
        {
            _grants.Add(person, grants = []);
        }

        grants.Add((entry, role));
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<ExpectedMember> Fold()
    {
        List<(ExpectedMember Member, EntryId Grant)> members = [];
        foreach (var founder in _founders.Distinct().Where(founder => !_grants.ContainsKey(founder)))
        {
            members.Add((new ExpectedMember(founder, Role.Owner, 0), default));
        }

        foreach (var (person, grants) in _grants)
        {
            grants.Sort(static (left, right) => left.Entry.CompareTo(right.Entry));
            var role = grants.Where(grant => !grants.Exists(other => IsBefore(grant.Entry, other.Entry))).Min(grant => grant.Role);
            if (role != Role.None)
            {
                var since = grants[Math.Min(grants.FindLastIndex(grant => grant.Role == Role.None) + 1, grants.Count - 1)].Entry.Entry;
                members.Add((new ExpectedMember(person, role, since.Time), since.Id));
            }
        }

        if (members.Count > 0 && !members.Exists(member => member.Member.Role >= Role.Admin))
        {
            var heir = members
                .OrderBy(member => member.Member.Role < Role.Member)
                .ThenBy(member => member.Member.Since).ThenBy(member => member.Grant).ThenBy(member => member.Member.Person)
                .First();
            members[members.IndexOf(heir)] = (heir.Member with { Role = Role.Owner }, heir.Grant);
        }

        return [.. members.Select(member => member.Member).OrderBy(member => member.Since).ThenBy(member => member.Person)];
    }

    private bool AreConcurrent(LedgerEntry one, LedgerEntry other) => one != other && !IsBefore(one, other) && !IsBefore(other, one);

    private bool IsBefore(LedgerEntry earlier, LedgerEntry later) =>
        earlier.Entry.Time < later.Entry.Time && ledger.PastOf(later, since: earlier.Entry.Time).Contains(earlier.Entry.Id);
}
