namespace HiNet.Crdt.Core.Ports;

/// <summary>The column families of a store, by purpose. Keys and values are specified in <c>specs/04-store.md</c>.</summary>
public enum ColumnFamily
{
    /// <summary>Format version and the node's own settings.</summary>
    Meta = 0,

    /// <summary>Sealed secrets: the home's keys and every epoch secret.</summary>
    Secrets = 1,

    /// <summary>People this node knows, and invites it has issued.</summary>
    Contacts = 2,

    /// <summary>One record a conversation, its devices and its derived state.</summary>
    Conversations = 3,

    /// <summary>Headers and ciphertext bodies in order of arrival.</summary>
    Entries = 4,

    /// <summary>Entry id to place of arrival.</summary>
    EntryIds = 5,

    /// <summary>Device chains: by device and seq, with signatures.</summary>
    Chains = 6,

    /// <summary>Messages and notices in conversation order.</summary>
    Timeline = 7,

    /// <summary>Edits, deletions, reactions and replies, by their target.</summary>
    Relations = 8,

    /// <summary>Entries that are due later, and proofs of equivocation.</summary>
    Parked = 9,
}
