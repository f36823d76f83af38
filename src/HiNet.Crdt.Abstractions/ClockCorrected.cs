namespace HiNet.Crdt;

/// <summary>This node's clock is off from its peers' by more than two minutes; its own messages use the corrected time.</summary>
public sealed record ClockCorrected(DateTimeOffset Time, TimeSpan Offset)
    : NodeEvent(Time);
