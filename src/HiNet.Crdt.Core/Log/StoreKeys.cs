using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Keys of the store: see <c>specs/04-store.md</c>. Numbers are big-endian, so that ranges come in their order;
/// a conversation and a device are written as the numbers that this store gave them.
/// </summary>
public static class StoreKeys
{
    public static byte[] HomeSecrets => "home"u8.ToArray();

    /// <summary>Secrets: an epoch's.</summary>
    public static byte[] EpochSecret(uint conversation, EntryId epoch) => Tagged('e', conversation, epoch.Value);

    /// <summary>Secrets: a conversation's control key.</summary>
    public static byte[] ControlKey(uint conversation) => Tagged('c', conversation);

    /// <summary>Secrets: another inviter's control key of a group whose genesis has not come.</summary>
    public static byte[] OtherControlKey(uint conversation, IdentityId by) => Tagged('k', conversation, by.Value);

    /// <summary>Secrets: the secret of an epoch that is not here, by the word of an inviter.</summary>
    public static byte[] HandedSecret(uint conversation, EntryId epoch, IdentityId by) => [.. HandedSecrets(conversation, epoch), .. by.ToArray()];

    /// <summary>Secrets: what such keys of one epoch begin with.</summary>
    public static byte[] HandedSecrets(uint conversation, EntryId epoch) => Tagged('h', conversation, epoch.Value);

    /// <summary>Contacts: a person.</summary>
    public static byte[] Contact(IdentityId identity) => Tagged('c', identity.Value);

    /// <summary>Contacts: an invite that this node issued.</summary>
    public static byte[] Invite(Bytes32 invite) => Tagged('i', invite);

    /// <summary>Contacts: the routing table of the DHT, as it was when it was last kept.</summary>
    public static byte[] DhtContacts => "dht"u8.ToArray();

    /// <summary>Conversations: what a conversation is.</summary>
    public static byte[] Conversation(ConversationId conversation) => Tagged('c', conversation.Value);

    /// <summary>Conversations: where the invitation to a group lies that waits for a decision.</summary>
    public static byte[] Invitation(ConversationId group, IdentityId by) => [(byte)'i', .. group.ToArray(), .. by.ToArray()];

    /// <summary>Conversations: what this replica of it holds.</summary>
    public static byte[] Replica(uint conversation) => Tagged('s', conversation);

    /// <summary>Conversations: a device that has written in it.</summary>
    public static byte[] Device(uint conversation, uint device)
    {
        var key = new byte[9];
        key[0] = (byte)'d';
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), conversation);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(5), device);
        return key;
    }

    /// <summary>Conversations: a head of a device that has many.</summary>
    public static byte[] Branch(uint conversation, uint device, EntryId head)
    {
        var key = new byte[41];
        key[0] = (byte)'b';
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), conversation);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(5), device);
        head.CopyTo(key.AsSpan(9));
        return key;
    }

    /// <summary>Conversations: one of many entries that no other one has in its past.</summary>
    public static byte[] Tip(uint conversation, EntryId tip) => Tagged('t', conversation, tip.Value);

    /// <summary>Conversations: place of arrival of an authority entry or an epoch.</summary>
    public static byte[] Landmark(uint conversation, ulong arrival)
    {
        var key = new byte[13];
        key[0] = (byte)'a';
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), conversation);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(5), arrival);
        return key;
    }

    /// <summary>Conversations: the heads behind an authority hash.</summary>
    public static byte[] AuthorityHeads(uint conversation, Bytes32 hash) => Tagged('h', conversation, hash);

    /// <summary>Conversations: members and devices as they are now.</summary>
    public static byte[] Members(uint conversation) => Tagged('m', conversation);

    /// <summary>Whose a device is that was introduced in a conversation.</summary>
    public static byte[] Owner(uint conversation, DeviceId device) => Tagged('o', conversation, device.Value);

    /// <summary>Conversations: what a member has received and read.</summary>
    public static byte[] Receipt(uint conversation, IdentityId member) => Tagged('r', conversation, member.Value);

    /// <summary>Entries: by arrival, from 1.</summary>
    public static byte[] Entry(uint conversation, ulong arrival)
    {
        var key = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(key, conversation);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(4), arrival);
        return key;
    }

    /// <summary>EntryIds: to conversation and place of arrival.</summary>
    public static byte[] EntryId(EntryId id) => id.ToArray();

    /// <summary>Chains: a device's entries by seq; the place of arrival tells branches apart.</summary>
    public static byte[] Chain(uint conversation, uint device, ulong seq, ulong arrival)
    {
        var key = new byte[24];
        BinaryPrimitives.WriteUInt32BigEndian(key, conversation);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(4), device);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(8), seq);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(16), arrival);
        return key;
    }

    /// <summary>Timeline: conversation order.</summary>
    public static byte[] Timeline(uint conversation, HybridTimestamp hlc, EntryId id)
    {
        var key = new byte[44];
        BinaryPrimitives.WriteUInt32BigEndian(key, conversation);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(4), hlc.Value);
        id.CopyTo(key.AsSpan(12));
        return key;
    }

    /// <summary>Relations: an edit ('e'), deletion ('d') or reaction ('r') of a target, in conversation order.</summary>
    public static byte[] Relation(EntryId target, char kind, HybridTimestamp hlc, EntryId id)
    {
        var key = new byte[73];
        target.CopyTo(key);
        key[32] = (byte)kind;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(33), hlc.Value);
        id.CopyTo(key.AsSpan(41));
        return key;
    }

    /// <summary>Relations of one kind, or all, of a target: the start of their keys.</summary>
    public static byte[] Relations(EntryId target, char? kind = null) =>
        kind is { } k ? [.. target.ToArray(), (byte)k] : target.ToArray();

    /// <summary>Parked: a deletion whose target has not come yet.</summary>
    public static byte[] AwaitedDeletion(uint conversation, EntryId target) => Tagged('x', conversation, target.Value);

    /// <summary>Parked: what stands between an applied entry and the signature that vouches for it, where that is not applied.</summary>
    public static byte[] Tail(uint conversation, EntryId last) => Tagged('t', conversation, last.Value);

    /// <summary>Parked: the entry with which such a tail begins.</summary>
    public static byte[] TailStart(uint conversation, EntryId last) => Tagged('s', conversation, last.Value);

    /// <summary>Parked: content that no known epoch opens yet.</summary>
    public static byte[] Unreadable(uint conversation, EntryId epoch, ulong arrival)
    {
        var key = new byte[45];
        Tagged('u', conversation, epoch.Value).CopyTo(key, 0);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(37), arrival);
        return key;
    }

    /// <summary>Parked: a place in the order of events at which content became readable that had come before its secret.</summary>
    public static byte[] Revealed(uint conversation, ulong position)
    {
        var key = new byte[13];
        Tagged('v', conversation).CopyTo(key, 0);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(5), position);
        return key;
    }

    /// <summary>Parked: an applied entry whose body never came, by its device's chain; those with a place in the timeline apart from the rest.</summary>
    public static byte[] AbsentBody(uint conversation, bool isShown, uint device, ulong seq, ulong arrival)
    {
        var key = new byte[25];
        Tagged(AbsentTag(isShown), conversation).CopyTo(key, 0);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(5), device);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(9), seq);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(17), arrival);
        return key;
    }

    /// <summary>Parked: the start of the keys of all absent bodies, of entries with a place in the timeline or of the rest.</summary>
    public static byte[] AbsentBodies(uint conversation, bool isShown) => Tagged(AbsentTag(isShown), conversation);

    public static byte[] Tagged(char tag, uint conversation)
    {
        var key = new byte[5];
        key[0] = (byte)tag;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), conversation);
        return key;
    }

    public static byte[] Tagged(char tag, uint conversation, Bytes32 value)
    {
        var key = new byte[37];
        key[0] = (byte)tag;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), conversation);
        value.CopyTo(key.AsSpan(5));
        return key;
    }

    /// <summary>The smallest key that does not start with <paramref name="prefix"/> and comes after all that do.</summary>
    public static byte[] After(ReadOnlySpan<byte> prefix)
    {
        var end = prefix.ToArray();
        for (var i = end.Length - 1; i >= 0; i--)
        {
            if (++end[i] != 0)
            {
                return end[..(i + 1)];
            }
        }

        return [];
    }

    private static char AbsentTag(bool isShown) => isShown ? 'b' : 'w';

    private static byte[] Tagged(char tag, Bytes32 value)
    {
        var key = new byte[33];
        key[0] = (byte)tag;
        value.CopyTo(key.AsSpan(1));
        return key;
    }
}
