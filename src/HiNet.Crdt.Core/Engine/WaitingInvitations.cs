using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

/// <summary>
/// Invitations to groups that wait for a decision. Each is an entry of the direct conversation with whoever wrote it, and kept is
/// where it lies. There are at most <see cref="Limits.InvitationsOfOnePerson"/> of a contact and <see cref="Limits.InvitationsInAll"/> in all.
/// </summary>
internal sealed class WaitingInvitations
{
    private readonly NodeServices _services;

    /// <summary>Places in the direct conversation with the inviter, which rise with each invitation of theirs. No group without one.</summary>
    private readonly SortedDictionary<ConversationId, SortedDictionary<IdentityId, ulong>> _arrivals = [];

    /// <summary>How many of each person wait; nobody without one.</summary>
    private readonly SortedDictionary<IdentityId, int> _counts = [];

    private int _count;

    private WaitingInvitations(NodeServices services) => _services = services;

    /// <summary>Groups to which one waits, in order of id.</summary>
    public IEnumerable<ConversationId> Groups => _arrivals.Keys;

    public static WaitingInvitations Load(NodeServices services)
    {
        var waiting = new WaitingInvitations(services);
        var prefix = "i"u8.ToArray();
        using var iterator = services.Store.Durable.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var (group, by) = (new ConversationId(iterator.Key[1..33]), new IdentityId(iterator.Key[33..]));
            waiting.Keep(group, by, EntryPlace.Decode(iterator.Value).Arrival);
        }

        return waiting;
    }

    /// <summary>Who invites to a group, and where each says so.</summary>
    public IReadOnlyList<(IdentityId By, ulong Arrival)> Of(ConversationId group) =>
        _arrivals.TryGetValue(group, out var inviters) ? [.. inviters.Select(pair => (pair.Key, pair.Value))] : [];

    /// <summary>Groups to which somebody invites.</summary>
    public IEnumerable<ConversationId> By(IdentityId person) =>
        _counts.ContainsKey(person) ? _arrivals.Where(pair => pair.Value.ContainsKey(person)).Select(pair => pair.Key) : [];

    public void Add(ConversationId group, IdentityId by, uint direct, ulong arrival)
    {
        Keep(group, by, arrival);
        _services.Store.Put(ColumnFamily.Conversations, StoreKeys.Invitation(group, by), EntryPlace.Encode(direct, arrival));
        if (_services.Has(PlantedBug.InvitationsUnbounded))
        {
            return;
        }

        if (_counts[by] > Limits.InvitationsOfOnePerson)
        {
            _services.Marks.Hit("bound.invitations.person");
            RemoveOldest(by);
        }
        else if (_count > Limits.InvitationsInAll)
        {
            _services.Marks.Hit("bound.invitations");
            RemoveOldest(_counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key);
        }
    }

    public void Remove(ConversationId group)
    {
        foreach (var (by, _) in Of(group))
        {
            Remove(group, by);
        }
    }

    public void Remove(ConversationId group, IdentityId by)
    {
        if (!_arrivals.TryGetValue(group, out var inviters) || !inviters.Remove(by))
        {
            return;
        }

        _count--;
        if (inviters.Count == 0)
        {
            _arrivals.Remove(group);
        }

        if (--_counts[by] == 0)
        {
            _counts.Remove(by);
        }

        _services.Store.Delete(ColumnFamily.Conversations, StoreKeys.Invitation(group, by));
    }

    private void Keep(ConversationId group, IdentityId by, ulong arrival)
    {
        if (!_arrivals.TryGetValue(group, out var inviters))
        {
            _arrivals.Add(group, inviters = []);
        }

        if (!inviters.ContainsKey(by))
        {
            _count++;
            _counts[by] = _counts.GetValueOrDefault(by) + 1;
        }

        inviters[by] = arrival;
    }

    private void RemoveOldest(IdentityId by) => Remove(By(by).MinBy(group => _arrivals[group][by]), by);
}
