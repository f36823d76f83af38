namespace HiNet.Crdt;

/// <summary>Entries with clocks in the future wait until they are due.</summary>
public sealed record EntriesParked(DateTimeOffset Time, ConversationId Conversation, DeviceId Device, DateTimeOffset Due)
    : NodeEvent(Time);
