using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Network;

/// <summary>A node, as the network sees it.</summary>
internal interface INetworkHost
{
    int Index { get; }

    /// <summary>Which life of the node this is; ends of links belong to one.</summary>
    int Generation { get; }

    bool IsUp { get; }

    /// <summary>Whether it keeps to the protocol.</summary>
    bool IsHonest { get; }

    /// <summary>True while the whole machine is off, not only the process: nothing answers for it.</summary>
    bool IsDark { get; }

    /// <summary>The ends that this life of the node holds, by their number.</summary>
    Dictionary<LinkId, LinkEnd> Ends { get; }

    /// <summary>Bytes that the channels of one link together may have waiting in it.</summary>
    long LinkWindowBytes { get; }

    LinkId NextLink();

    void Give(NodeInput input);
}
