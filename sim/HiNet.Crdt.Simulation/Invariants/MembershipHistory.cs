using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>The changes that people made to a group's members, with their places in its causal past.</summary>
internal sealed class MembershipHistory(
    IdentityId creator, IReadOnlyList<IdentityId> founders, bool isHonest, Func<ConversationLedger?> ledger, Func<IdentityId, int?> nodeOf)
{
    private readonly List<MembershipChange> _changes = [];
    private readonly SortedSet<IdentityId> _leaving = [];
    private readonly SortedSet<IdentityId> _founders = [creator, .. founders];

    /// <summary>Those whom an honest node made members: it told them, and goes on until they know.</summary>
    private readonly SortedSet<IdentityId> _honestlyInvited = isHonest ? [creator, .. founders] : [creator];

    /// <summary>Changes that no honest node holds yet, as those that an adversary has made at first.</summary>
    private readonly List<(EntryId Entry, IdentityId Person, bool IsMember)> _unseen = [];

    /// <summary>Changes that were asked for and not answered: whether they happened is not known, or not yet.</summary>
    public int Unanswered { get; private set; }

    public void Began() => Unanswered++;

    public void BeganToLeave(IdentityId person)
    {
        Unanswered++;
        _leaving.Add(person);
    }

    public void Added(IdentityId person, NodeResult result, bool byHonest)
    {
        Unanswered--;
        if (result is NodeResult.Written written)
        {
            if (byHonest)
            {
                _honestlyInvited.Add(person);
            }

            _unseen.Add((written.Entry, person, true));
        }
    }

    public void Left(IdentityId person, NodeResult result)
    {
        Unanswered--;
        if (result is NodeResult.Written written)
        {
            _unseen.Add((written.Entry, person, false));
            _leaving.Remove(person);
        }
    }

    /// <summary>Whether an honest node has made this person a member at some time.</summary>
    public bool IsHonestlyInvited(IdentityId person) => _honestlyInvited.Contains(person);

    /// <summary>Whether it is possible that this person has asked to leave and was not answered.</summary>
    public bool MayBeLeaving(IdentityId person) => _leaving.Contains(person);

    /// <summary>
    /// Whether a person is a member as far as one knows who holds every change that is left. A change that only a home held that was
    /// put back is lost: nobody can learn of it any more, unless it is still on its way. Nor can they of what has come to nobody but the
    /// one who had left and was added again: whom others do not know as a member they do not listen to.
    /// </summary>
    public bool IsMember(IdentityId person) => IsMember(
        person,
        entry => ledger()?.Find(entry) is { HeldBy.IsEmpty: false } change && !IsInVain(person, change));

    /// <summary>Whether somebody who had left was added again by an entry that has come to nobody else.</summary>
    public bool IsAddedInVain(IdentityId person) =>
        _changes.Exists(change => change.Person == person && change.IsMember && ledger()?.Find(change.Entry) is { } entry && IsInVain(person, entry));

    /// <summary>The entries by which somebody was made a member after the creation, as far as the ledger has them.</summary>
    public IEnumerable<EntryId> AdditionsOf(IdentityId person)
    {
        Look();
        return _changes.Where(change => change.Person == person && change.IsMember).Select(change => change.Entry);
    }

    /// <summary>Whether a person is a member as far as one knows who holds only some of the changes, the creation among them.</summary>
    public bool IsMember(IdentityId person, Func<EntryId, bool> isHeld)
    {
        Look();
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
        Unanswered == 0
        && IsAllSeen()
        && _changes.TrueForAll(change => ledger()?.Find(change.Entry) is { } entry && entry.HeldBy.Contains(node));

    /// <summary>
    /// Whether a person can add others, as far as one knows who holds every change that is left: the creator can, and without them
    /// whoever has been a member for the longest time. Null where that depends on times that the model does not look at.
    /// </summary>
    public bool? IsAdmin(IdentityId person) =>
        IsMember(creator)
            ? _changes.Exists(change => change.Person == creator) ? null : person == creator
            : null;

    private bool IsInVain(IdentityId person, LedgerEntry change) =>
        nodeOf(person) is { } own
        && change.HeldBy.IsOnly(own)
        && _changes.Exists(known => known.Entry == change.Entry.Id && known.IsMember)
        && _changes.Exists(other => other.Person == person && !other.IsMember && other.Entry != change.Entry.Id);

    private bool IsAllSeen()
    {
        Look();
        return _unseen.Count == 0;
    }

    // In the order in which they were answered, so that what one of them builds on is among the changes before it.
    private void Look()
    {
        for (var i = 0; i < _unseen.Count;)
        {
            var (entry, person, isMember) = _unseen[i];
            if (ledger() is not { } known || known.Find(entry) is not { } change)
            {
                i++;
                continue;
            }

            // Whoever holds an entry holds its whole past, so that the ledger has it.
            _unseen.RemoveAt(i);
            _changes.Add(new MembershipChange(entry, person, isMember, [.. known.PastOf(change)]));
        }
    }
}
