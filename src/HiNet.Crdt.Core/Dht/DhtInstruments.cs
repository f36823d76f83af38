namespace HiNet.Crdt.Core.Dht;

/// <summary>What a node counts, by the names on the meter <c>HiNet.Crdt</c>; all are numbers of datagrams unless said otherwise.</summary>
public static class DhtInstruments
{
    /// <summary>All that came in.</summary>
    public const string Received = "dht.received";

    /// <summary>Queries that were answered.</summary>
    public const string Answered = "dht.answered";

    /// <summary>Queries of ours that nobody answered in time.</summary>
    public const string TimedOut = "dht.timeout";

    /// <summary>Shorter or longer than any datagram.</summary>
    public const string RefusedSize = "dht.refused.size";

    /// <summary>Another version.</summary>
    public const string RefusedVersion = "dht.refused.version";

    /// <summary>A kind that does not exist.</summary>
    public const string RefusedKind = "dht.refused.kind";

    /// <summary>A payload that is no canonical message, or one whose fields do not belong to its kind.</summary>
    public const string RefusedPayload = "dht.refused.payload";

    /// <summary>From an address that nobody can have.</summary>
    public const string RefusedSource = "dht.refused.source";

    /// <summary>Under our own key: reflected, or our own query come back.</summary>
    public const string RefusedSelf = "dht.refused.self";

    /// <summary>From a source that sends more queries than it may.</summary>
    public const string RefusedRate = "dht.refused.rate";

    /// <summary>Under keys that are new to us, more than we agree with at once.</summary>
    public const string RefusedAgreement = "dht.refused.agreement";

    /// <summary>Under a key that is no point, or of small order.</summary>
    public const string RefusedKey = "dht.refused.key";

    /// <summary>Not authentic: changed, or under somebody else's key.</summary>
    public const string RefusedMac = "dht.refused.mac";

    /// <summary>Answers to no query: invented, late or replayed.</summary>
    public const string RefusedUnsolicited = "dht.refused.unsolicited";

    /// <summary>Answers from another address or another node than was asked, or of another kind.</summary>
    public const string RefusedSender = "dht.refused.sender";

    /// <summary>Puts and gets whose token does not prove their address.</summary>
    public const string RefusedToken = "dht.refused.token";

    /// <summary>Contacts in answers that no datagram may be sent to.</summary>
    public const string RefusedContact = "dht.refused.contact";

    /// <summary>Slots that were put and not kept, or came in answers and were not believed.</summary>
    public const string RefusedSlot = "dht.refused.slot";

    /// <summary>Answers cut or left out because they would have been more than three times as long as a query from an unproven address.</summary>
    public const string Cut = "dht.cut";

    /// <summary>Slots that were stored.</summary>
    public const string Stored = "dht.stored";

    /// <summary>Slots that were dropped because they expired, or made room.</summary>
    public const string Evicted = "dht.evicted";

    /// <summary>Bootstraps that did not answer; each try counts.</summary>
    public const string BootstrapSilent = "dht.bootstrap.silent";

    /// <summary>Datagrams from bootstraps that were not understood.</summary>
    public const string BootstrapGarbage = "dht.bootstrap.garbage";

    /// <summary>Bootstraps that are ourselves.</summary>
    public const string BootstrapSelf = "dht.bootstrap.self";

    /// <summary>Contacts that the table would not take because it has enough of their network.</summary>
    public const string TableCrowded = "dht.table.crowded";

    /// <summary>Contacts that were dropped because they no longer answered.</summary>
    public const string TableDropped = "dht.table.dropped";
}
