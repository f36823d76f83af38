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

    /// <summary>Places in the direct conversation with the inviter, which rise with each invitation of theirs.</summary>
    private readonly SortedDictionary<(ConversationId Group, IdentityId By), ulong> _arrivals = [];

    private WaitingInvitations(NodeServices services) => _services = services;

    public int Count => _arrivals.Count;

    /// <summary>Groups to which one waits, in order of id.</summary>
    public IEnumerable<ConversationId> Groups => _arrivals.Keys.Select(key => key.Group).Distinct();

    public static WaitingInvitations Load(NodeServices services)
    {
        var waiting = new WaitingInvitations(services);
        var prefix = "i"u8.ToArray();
        using var iterator = services.Store.Durable.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var (group, by) = (new ConversationId(iterator.Key[1..33]), new IdentityId(iterator.Key[33..]));
            waiting._arrivals[(group, by)] = EntryPlace.Decode(iterator.Value).Arrival;
        }

        return waiting;
    }

    /// <summary>Who invites to a group, and where each says so.</summary>
    public IReadOnlyList<(IdentityId By, ulong Arrival)> Of(ConversationId group) =>
        [.. _arrivals.Where(pair => pair.Key.Group == group).Select(pair => (pair.Key.By, pair.Value))];

    public void Add(ConversationId group, IdentityId by, uint direct, ulong arrival)
    {
        _arrivals[(group, by)] = arrival;
        _services.Store.Put(ColumnFamily.Conversations, StoreKeys.Invitation(group, by), EntryPlace.Encode(direct, arrival));
        if (_services.Has(PlantedBug.InvitationsUnbounded))
        {
            return;
        }

        if (_arrivals.Keys.Count(key => key.By == by) > Limits.InvitationsOfOnePerson)
        {
            _services.Marks.Hit("bound.invitations.person");
            RemoveOldest(by);
        }
        else if (_arrivals.Count > Limits.InvitationsInAll)
        {
            _services.Marks.Hit("bound.invitations");
            RemoveOldest(_arrivals.Keys.CountBy(key => key.By).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key);
        }
    }

    public void Remove(ConversationId group)
    {
        foreach (var (by, _) in Of(group))
        {
            Remove(group, by);
        }
    }

    private void Remove(ConversationId group, IdentityId by)
    {
        _arrivals.Remove((group, by));
        _services.Store.Delete(ColumnFamily.Conversations, StoreKeys.Invitation(group, by));
    }

    private void RemoveOldest(IdentityId by) =>
        Remove(_arrivals.Where(pair => pair.Key.By == by).MinBy(pair => pair.Value).Key.Group, by);
}
