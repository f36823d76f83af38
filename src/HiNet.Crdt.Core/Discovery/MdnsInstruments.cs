namespace HiNet.Crdt.Core.Discovery;

/// <summary>The counters of LAN discovery.</summary>
internal static class MdnsInstruments
{
    /// <summary>Datagrams sent.</summary>
    internal const string Sent = "hinet.mdns.sent";

    /// <summary>Datagrams taken in.</summary>
    internal const string Received = "hinet.mdns.received";

    /// <summary>Datagrams above the rate that a LAN has reason for.</summary>
    internal const string Dropped = "hinet.mdns.dropped";

    /// <summary>Datagrams from addresses that are not on the link.</summary>
    internal const string OffLink = "hinet.mdns.off_link";

    /// <summary>Datagrams that hold no DNS message, or an answer from another port than 5353.</summary>
    internal const string Malformed = "hinet.mdns.malformed";

    /// <summary>Others that claim our name.</summary>
    internal const string Conflicts = "hinet.mdns.conflicts";

    /// <summary>Instances and addresses that found no place, or that cannot be on the link.</summary>
    internal const string Refused = "hinet.mdns.refused";
}
