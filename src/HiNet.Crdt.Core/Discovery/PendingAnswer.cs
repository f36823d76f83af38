using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>An answer that waits for its time: a drawn delay, the asker's further known answers, or the second between two multicasts.</summary>
internal sealed class PendingAnswer
{
    internal required OwnRecords Records { get; set; }

    internal required Instant Due { get; set; }

    internal required MdnsAddress Asker { get; init; }

    /// <summary>To the asker alone.</summary>
    internal bool IsUnicast { get; init; }

    /// <summary>The asker has said that more known answers follow.</summary>
    internal bool AwaitsMore { get; init; }

    /// <summary>The asker probes for our name: it must hear of us before its probing ends.</summary>
    internal bool IsDefence { get; init; }
}
