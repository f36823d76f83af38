using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Log;

/// <summary>Where conversation ids come from.</summary>
public static class ConversationIds
{
    /// <summary>
    /// The one direct conversation of two people, whoever starts it: BLAKE2b-256 over the domain and the identities in
    /// ascending order. Equal identities are a note to self.
    /// </summary>
    public static ConversationId Direct(ICryptography cryptography, IdentityId one, IdentityId other)
    {
        var ascending = one.CompareTo(other) <= 0;
        Span<byte> pair = stackalloc byte[2 * Bytes32.Size];
        (ascending ? one : other).CopyTo(pair);
        (ascending ? other : one).CopyTo(pair[Bytes32.Size..]);
        return new ConversationId(DomainHash.Of(cryptography, Domains.DirectConversation, pair));
    }

    /// <summary>The group that a genesis starts.</summary>
    public static ConversationId Group(EntryId genesis) => new(genesis.Value);

    /// <summary>The conversation of an entry: its header's, or for a genesis the one that it starts.</summary>
    public static ConversationId Of(EntryHeader header, EntryId id)
    {
        ArgumentNullException.ThrowIfNull(header);
        return header.Kind == EntryKind.Genesis ? Group(id) : header.Conversation;
    }
}
