using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Authority;

/// <summary>A device that may write while its person may.</summary>
public readonly record struct DeviceState(DeviceId Device, IdentityId Identity, DeviceCard Card);
