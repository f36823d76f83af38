namespace HiNet.Crdt;

/// <summary>The newest entry of one branch of one device.</summary>
public readonly record struct FrontierHead(DeviceId Device, ulong Seq, EntryId Head);
