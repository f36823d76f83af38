namespace HiNet.Crdt.Core.Discovery;

/// <summary>The record types that discovery knows (RFC 1035, 2782, 3596, 4034). Others are passed over.</summary>
public static class DnsType
{
    public const ushort A = 1;
    public const ushort Pointer = 12;
    public const ushort Text = 16;
    public const ushort Aaaa = 28;
    public const ushort Service = 33;
    public const ushort NextSecure = 47;

    /// <summary>In questions only: all types.</summary>
    public const ushort Any = 255;
}
