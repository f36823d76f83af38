using System.Net;
using HiNet.Crdt.Core.Discovery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HiNet.Crdt.Discovery;

/// <summary>What LAN discovery is started with.</summary>
internal sealed record MdnsServiceOptions
{
    /// <summary>The UDP port that the node listens on; 0 looks for others without being seen.</summary>
    internal ushort ServicePort { get; init; }

    /// <summary>
    /// Where the node listens. Null is everywhere; else only interfaces that have one of these addresses are used, and only
    /// these addresses are announced.
    /// </summary>
    internal IReadOnlyList<IPAddress>? Addresses { get; init; }

    /// <summary>By what others recognise this node at first; <see cref="MdnsService.SetSecrets"/> replaces them.</summary>
    internal IReadOnlyList<MdnsSecret> Secrets { get; init; } = [];

    /// <summary>The loopback interface too, for nodes of one machine without a network.</summary>
    internal bool IncludesLoopback { get; init; }

    /// <summary>A node was found, or what is known of it has changed. Called on one thread at a time; it should not wait.</summary>
    internal Action<LanPeer>? Found { get; init; }

    /// <summary>The node of this instance name has left.</summary>
    internal Action<string>? Lost { get; init; }

    internal ILogger Logger { get; init; } = NullLogger.Instance;
}
