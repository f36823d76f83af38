namespace HiNet.Crdt.Core.Identity;

/// <summary>One step of a <see cref="DeviceCertificate"/>: a device, and the signature (64 bytes) of whoever vouches for it.</summary>
public sealed record CertificateLink(DeviceId Device, ReadOnlyMemory<byte> Signature);
