namespace HiNet.Crdt;

/// <summary>The node of someone whose invite was accepted here has answered: each knows the other now.</summary>
public sealed record ContactMet(DateTimeOffset Time, Contact Contact)
    : NodeEvent(Time);
