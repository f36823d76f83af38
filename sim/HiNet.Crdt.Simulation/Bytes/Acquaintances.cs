namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>Who was ever brought together with whom, from what people asked their nodes for.</summary>
internal sealed class Acquaintances
{
    private readonly SortedDictionary<ConversationId, SortedSet<IdentityId>> _members = [];
    private readonly List<SortedSet<IdentityId>> _groups = [];

    /// <summary>Whoever gives an invite away lets its holder, who may be anyone, know them.</summary>
    private readonly SortedSet<IdentityId> _inviting = [];

    /// <summary>Who holds which invite. Two who hold the same one and are linked knock at each other, and show each other who they are.</summary>
    private readonly SortedDictionary<string, SortedSet<IdentityId>> _holders = new(StringComparer.Ordinal);

    public void Invites(IdentityId person) => _inviting.Add(person);

    public void Accepts(IdentityId person, string invite)
    {
        if (!_holders.TryGetValue(invite, out var holders))
        {
            _holders.Add(invite, holders = []);
        }

        holders.Add(person);
    }

    /// <summary>A person names others as contacts or as members of something.</summary>
    public void Group(IdentityId person, IReadOnlyList<IdentityId> others) => _groups.Add([person, .. others]);

    public void Join(ConversationId conversation, IdentityId person)
    {
        if (!_members.TryGetValue(conversation, out var members))
        {
            _members.Add(conversation, members = []);
        }

        members.Add(person);
    }

    public bool IsIn(ConversationId conversation, IdentityId person) =>
        _members.TryGetValue(conversation, out var members) && members.Contains(person);

    /// <summary>Whether one may know the other: they are contacts, hold one invite, or are or were to be in one conversation.</summary>
    public bool Know(IdentityId one, IdentityId other) =>
        one == other
        || _groups.Exists(group => group.Contains(one) && group.Contains(other))
        || _members.Values.Any(members => members.Contains(one) && members.Contains(other))
        || _holders.Values.Any(holders => holders.Contains(one) && holders.Contains(other))
        || (_inviting.Contains(one) && _inviting.Contains(other));
}
