namespace HiNet.Crdt.Core.Engine;

/// <summary>Domain-separation tags of what only the engine hashes or signs.</summary>
internal static class EngineDomains
{
    public static ReadOnlySpan<byte> StateEntry => "hinet/v1/state-entry"u8;

    public static ReadOnlySpan<byte> StateHash => "hinet/v1/state-hash"u8;

    public static ReadOnlySpan<byte> EpochRecipients => "hinet/v1/epoch-recipients"u8;

    public static ReadOnlySpan<byte> ChannelId => "hinet/v1/channel-id"u8;

    public static ReadOnlySpan<byte> ChannelProof => "hinet/v1/channel-proof"u8;

    public static ReadOnlySpan<byte> ChannelSignature => "hinet/v1/channel-signature"u8;

    public static ReadOnlySpan<byte> InviteChannelId => "hinet/v1/invite-channel-id"u8;

    public static ReadOnlySpan<byte> InviteSignature => "hinet/v1/invite-signature"u8;

    public static ReadOnlySpan<byte> InviteRefusal => "hinet/v1/invite-refusal"u8;

    public static ReadOnlySpan<byte> DirectControlKey => "hinet/v1/direct-control-key"u8;
}
