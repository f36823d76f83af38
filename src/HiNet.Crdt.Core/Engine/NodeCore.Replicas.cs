using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore : IReplicaHost
{
    private readonly List<Replica> _forkedReplicas = [];
    private readonly SortedSet<ConversationId> _toOpen = [];

    void IReplicaHost.Changed(Replica replica)
    {
        if (!_changed.Contains(replica))
        {
            _changed.Add(replica);
        }

        if (replica.HasUnreportedForks && !_forkedReplicas.Contains(replica))
        {
            _forkedReplicas.Add(replica);
        }
    }

    void IReplicaHost.AuthorityChanged(Replica replica)
    {
        _toOpen.Add(replica.Id);
        TopicsChanged();
        SettleLater(replica);
    }

    void IReplicaHost.MeetingChanged(Replica replica) => TopicsChanged();

    void IReplicaHost.Appeared(Replica replica)
    {
        var description = replica.Description;
        var name = description.Kind == ConversationKind.Group ? description.Name
            : _contacts.TryGetValue(description.Other, out var contact) ? contact.ToContact().Name
            : _services.Secrets.Name;
        WhenDurable(new NodeEffect.Announce(Stamped(new ConversationAdded(default, replica.Id, description.Kind, name))));
    }

    void IReplicaHost.Announce(NodeEvent happened) => WhenDurable(new NodeEffect.Announce(Stamped(happened)));

    void IReplicaHost.Count(string instrument, long amount) => _effects.Add(new NodeEffect.Count(instrument, amount));

    private void AddReplica(Replica replica)
    {
        _replicas.Add(replica.Id, replica);
        _inOrderOfArrival.Add(replica);
    }

    private void LoadReplicas()
    {
        foreach (var (key, record) in _services.Rows.All(ColumnFamily.Conversations, 'c'))
        {
            var description = ConversationDescription.Decode(new ConversationId(key.AsSpan(1)), record);
            var replica = Replica.Load(description, _services, this, _now);
            UpdateFounderCards(replica);
            AddReplica(replica);
            _nextNumber = Math.Max(_nextNumber, description.Number + 1);
        }
    }

    /// <summary>The direct conversation with a contact, or with oneself; made when it is not there yet.</summary>
    private Replica EnsureDirect(DeviceCard other)
    {
        var id = ConversationIds.Direct(_services.Cryptography, _services.Identity, other.Identity);
        if (_replicas.TryGetValue(id, out var known)
            && (known.Description.Kind == ConversationKind.Direct || _services.Has(PlantedBug.SquattersStay)))
        {
            UpdateFounderCards(known);
            return known;
        }

        _invitations.Remove(id);
        if (known is not null)
        {
            RemoveSquatter(known);
        }

        var pair = PairSecret.Derive(
            _services.Cryptography, _services.Secrets.AgreementSecret.Span, _services.Identity,
            other.Certificate.Agreement, other.Identity)
            ?? throw new InvalidOperationException("Cards whose agreement key agrees with nobody are refused before.");
        var controlKey = new byte[32];
        _services.Cryptography.Blake2bJoined(EngineDomains.DirectControlKey, id.ToArray(), controlKey, pair.ToArray());
        var description = new ConversationDescription(
            id, _nextNumber++, ConversationKind.Direct, string.Empty, other.Identity, IsVisible: false);
        var replica = Replica.Create(description, controlKey, _services, this);
        AddReplica(replica);
        UpdateFounderCards(replica);
        _toOpen.Add(id);
        return replica;
    }

    /// <summary>Whether the id is that of a direct conversation. That of each contact is held as long as they are a contact, one's own may not be.</summary>
    private bool IsDirect(ConversationId id) =>
        id == _noteToSelf || (_replicas.TryGetValue(id, out var held) && held.Description.Kind == ConversationKind.Direct);

    /// <summary>
    /// Somebody invited to a group under the id that two people's direct conversation has, before the two were contacts. A group's id is the hash of
    /// its genesis, so nothing of this one has come, and nothing can: it gives way, and of it nothing stays.
    /// </summary>
    private void RemoveSquatter(Replica group)
    {
        _services.Marks.Hit("group.squatter.removed");
        foreach (var session in _sessions.Values.ToList())
        {
            session.FindChannel(group)?.Close(_now);
        }

        group.Remove();
        _replicas.Remove(group.Id);
        _inOrderOfArrival.Remove(group);
        _channelIndex.Forget(group);
        _changed.Remove(group);
        _forkedReplicas.Remove(group);
        _inFlight.RemoveAll(written => written.Replica == group);
        TopicsChanged();
    }

    /// <summary>A home of before may hold such groups.</summary>
    private void RemoveSquatters()
    {
        if (_replicas.Values.All(replica => replica.Description.Kind == ConversationKind.Direct || replica.EntryCount > 0) && !_invitations.Groups.Any())
        {
            return;
        }

        foreach (var contact in _contacts.Values)
        {
            EnsureDirect(contact.Card);
        }

        _invitations.Remove(_noteToSelf);
        if (_replicas.TryGetValue(_noteToSelf, out var own) && own.Description.Kind == ConversationKind.Group)
        {
            EnsureDirect(_services.Card);
        }
    }

    private void UpdateFounderCards(Replica replica)
    {
        if (replica.Description.Kind == ConversationKind.Direct)
        {
            var other = _contacts.GetValueOrDefault(replica.Description.Other)?.Card;
            replica.FounderCards = other is null ? [_services.Card] : [_services.Card, other];
        }
    }

    /// <summary>
    /// Somebody who has invited to a group of which nothing has come is at the other end of a link: the channel is offered once more, with a proof of
    /// their key, which among those of many inviters may not have had its turn.
    /// </summary>
    private void OfferWithKeyOf(IdentityId person, LinkSession session)
    {
        foreach (var group in _inOrderOfArrival.Where(replica => replica.ControlKeyCount > Limits.ControlKeysAtOnce && replica.MayHaveKeyOf(person)))
        {
            _services.Marks.Hit("group.key.of.other.end");
            if (session.FindChannel(group) is { IsReady: false } offered)
            {
                offered.Close(_now);
            }

            session.OpenConversation(group, _now);
        }
    }

    /// <summary>Opens the channels of conversations that are new, or whose members changed, on every link, and closes those of former members.</summary>
    private void OpenNewChannels()
    {
        foreach (var id in _toOpen.Where(id => _replicas[id].IsKept).ToList())
        {
            _toOpen.Remove(id);
            foreach (var session in _sessions.Values)
            {
                if (_replicas[id].ControlKeyCount is > 1 and <= Limits.ControlKeysAtOnce && session.FindChannel(_replicas[id]) is { IsReady: false } offered)
                {
                    // It was offered with fewer keys.
                    offered.Close(_now);
                }

                session.OpenConversation(_replicas[id], _now);
                session.FindChannel(_replicas[id])?.Recheck(_now);
            }
        }
    }
}
