using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>The changes that people made to a group's members, with their places in its causal past.</summary>
internal sealed class MembershipHistory(IdentityId creator, IReadOnlyList<IdentityId> founders, Func<ConversationLedger?> ledger)
{
    private readonly List<MembershipChange> _changes = [];
    private readonly SortedSet<IdentityId> _leaving = [];
    private readonly SortedSet<IdentityId> _founders = [creator, .. founders];

    /// <summary>Changes that were asked for and not answered: whether they happened is not known, or not yet.</summary>
    public int Unanswered { get; private set; }

    public void Began() => Unanswered++;

    public void BeganToLeave(IdentityId person)
    {
        Unanswered++;
        _leaving.Add(person);
    }

    public void Added(IdentityId person, NodeResult result)
    {
        Unanswered--;
        if (result is NodeResult.Written written)
        {
            Note(written.Entry, person, isMember: true);
        }
    }

    public void Left(IdentityId person, NodeResult result)
    {
        Unanswered--;
        if (result is NodeResult.Written written)
        {
            Note(written.Entry, person, isMember: false);
            _leaving.Remove(person);
        }
    }

    /// <summary>Whether it is possible that this person has asked to leave and was not answered.</summary>
    public bool MayBeLeaving(IdentityId person) => _leaving.Contains(person);

    /// <summary>Whoever is a member when everything is known, and has not asked to leave.</summary>
    public SortedSet<IdentityId> Members()
    {
        SortedSet<IdentityId> members = [];
        foreach (var person in _founders.Concat(_changes.Select(change => change.Person)))
        {
            if (!_leaving.Contains(person) && IsMember(person, static _ => true))
            {
                members.Add(person);
            }
        }

        return members;
    }

    /// <summary>Whether a person is a member as far as one knows who holds only some of the changes, the creation among them.</summary>
    public bool IsMember(IdentityId person, Func<EntryId, bool> isHeld)
    {
        var own = _changes.FindAll(change => change.Person == person && isHeld(change.Entry));
        if (own.Count == 0)
        {
            return _founders.Contains(person);
        }

        // The last changes are those that no other one has in its past; one of them that is no membership is enough.
        return own.TrueForAll(change => change.IsMember || own.Exists(other => other.Past.Contains(change.Entry)));
    }

    /// <summary>Whether a node holds every change that is known.</summary>
    public bool IsKnownTo(int node) =>
        Unanswered == 0 && _changes.TrueForAll(change => ledger()?.Find(change.Entry) is { } entry && entry.HeldBy.Contains(node));

    /// <summary>
    /// Whether a person can add others, as far as one knows who holds everything: the creator can, and without them whoever has been
    /// a member for the longest time. Null where that depends on times that the model does not look at.
    /// </summary>
    public bool? IsAdmin(IdentityId person) =>
        IsMember(creator, static _ => true)
            ? _changes.Exists(change => change.Person == creator) ? null : person == creator
            : null;

    private void Note(EntryId entry, IdentityId person, bool isMember) => _changes.Add(new MembershipChange(entry, person, isMember, PastOf(entry)));

    // Its author holds the whole past of an entry, so that the ledger has it.
    private SortedSet<EntryId> PastOf(EntryId entry)
    {
        SortedSet<EntryId> past = [];
        var open = new Stack<EntryId>([entry]);
        HashSet<EntryId> seen = [];
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next) || ledger()?.Find(next) is not { Entry: var known })
            {
                continue;
            }

            if (next != entry && _changes.Exists(change => change.Entry == next))
            {
                past.Add(next);
            }

            foreach (var parent in known.Parents)
            {
                open.Push(parent);
            }

            if (known.Previous is { } previous)
            {
                open.Push(previous);
            }
        }

        return past;
    }
}
