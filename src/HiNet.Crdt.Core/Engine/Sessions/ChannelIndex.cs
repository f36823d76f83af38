using System.Buffers.Binary;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// Which conversation or invite a channel's name stands for. Names differ from link to link, and whoever links opens all its conversations
/// one after the other: so the names are worked out once for each link, and kept as long as it lasts, some 40 bytes each. Whoever opens
/// channels on many links in turn costs no more than that.
/// </summary>
internal sealed class ChannelIndex(NodeServices services)
{
    private readonly Dictionary<LinkSession, Names> _names = [];

    /// <summary>The replica whose channel has this name on a link; null when there is none.</summary>
    /// <param name="session">The link.</param>
    /// <param name="name">As the other end opened it.</param>
    /// <param name="replicas">All there are. New ones come at the end; one that goes is said by <see cref="Forget(Replica)"/> then.</param>
    public Replica? Find(LinkSession session, ReadOnlySpan<byte> name, IReadOnlyList<Replica> replicas)
    {
        if (name.Length != Bytes32.Size)
        {
            return null;
        }

        var names = NamesOf(session);
        for (; names.Known < replicas.Count; names.Known++)
        {
            names.Replicas[Prefix(NameOf(session, replicas[names.Known]))] = replicas[names.Known];
        }

        return names.Replicas.TryGetValue(Prefix(name), out var found) && name.SequenceEqual(NameOf(session, found)) ? found : null;
    }

    /// <summary>The invite whose channel has this name on a link; null when there is none.</summary>
    /// <param name="session">The link.</param>
    /// <param name="name">As the other end opened it.</param>
    /// <param name="invites">All that were issued, valid or not.</param>
    /// <param name="version">Another one whenever those are others.</param>
    public Invite? FindInvite(LinkSession session, ReadOnlySpan<byte> name, IEnumerable<Invite> invites, long version)
    {
        if (name.Length != Bytes32.Size)
        {
            return null;
        }

        var names = NamesOf(session);
        if (names.InvitesVersion != version)
        {
            names.InvitesVersion = version;
            names.Invites.Clear();
            foreach (var invite in invites)
            {
                names.Invites[Prefix(NameOf(session, invite))] = invite;
            }
        }

        return names.Invites.TryGetValue(Prefix(name), out var found) && name.SequenceEqual(NameOf(session, found)) ? found : null;
    }

    /// <summary>A link has ended: nothing of it is kept.</summary>
    public void Forget(LinkSession session) => _names.Remove(session);

    /// <summary>A replica is held no more, and has been taken from among all there are.</summary>
    public void Forget(Replica replica)
    {
        foreach (var (session, names) in _names)
        {
            names.Known -= names.Replicas.Remove(Prefix(NameOf(session, replica))) ? 1 : 0;
        }
    }

    private Names NamesOf(LinkSession session)
    {
        if (!_names.TryGetValue(session, out var names))
        {
            _names[session] = names = new Names();
        }

        return names;
    }

    private byte[] NameOf(LinkSession session, Replica replica)
    {
        services.Cost.Count(CostKind.Hash);
        return ChannelSecrets.ConversationChannel(services.Cryptography, session.HandshakeHash.Span, replica.Id);
    }

    private byte[] NameOf(LinkSession session, Invite invite)
    {
        services.Cost.Count(CostKind.Hash, 2);
        return ChannelSecrets.InviteChannel(services.Cryptography, session.HandshakeHash.Span, invite.Id(services.Cryptography));
    }

    private static ulong Prefix(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt64LittleEndian(name);

    private sealed class Names
    {
        /// <summary>By the first eight bytes of the channel's name; all but those that have come since.</summary>
        public Dictionary<ulong, Replica> Replicas { get; } = [];

        /// <summary>So many of all replicas, from the first, are there.</summary>
        public int Known { get; set; }

        public Dictionary<ulong, Invite> Invites { get; } = [];

        /// <summary>Of which invites these are; -1 before the first.</summary>
        public long InvitesVersion { get; set; } = -1;
    }
}
