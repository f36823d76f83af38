namespace HiNet.Crdt.Core.Log;

/// <summary>
/// What an entry is. Control entries carry no epoch, content entries name the epoch that seals their body; that holds for
/// unknown kinds too, which are kept, ordered and relayed, and shown as unsupported.
/// </summary>
public static class EntryKind
{
    /// <summary>Starts a group; its hash is the group's id.</summary>
    public const uint Genesis = 1;

    /// <summary>Brings a device's certificate and leaf key into the conversation.</summary>
    public const uint Introduce = 2;

    /// <summary>Sets a member's role; none removes.</summary>
    public const uint SetRole = 3;

    /// <summary>A fresh secret, sealed to each authorised device.</summary>
    public const uint Epoch = 4;

    /// <summary>Deletes entries.</summary>
    public const uint Delete = 5;

    /// <summary>Carries an <see cref="EquivocationProof"/>.</summary>
    public const uint EquivocationReport = 6;

    /// <summary>Says nothing: it only joins heads, for who has more of them than one entry can name.</summary>
    public const uint Merge = 7;

    /// <summary>A message.</summary>
    public const uint Message = 32;

    /// <summary>A new text for a message.</summary>
    public const uint Edit = 33;

    /// <summary>A reaction, or taking one back.</summary>
    public const uint Reaction = 34;

    /// <summary>Delivered or read, up to a frontier.</summary>
    public const uint Receipt = 35;

    /// <summary>Invites the other side of a direct conversation into a group.</summary>
    public const uint GroupInvitation = 36;

    /// <summary>Whether this version knows what the kind means.</summary>
    public static bool IsKnown(uint kind) => IsKnownControl(kind) || IsKnownContent(kind);

    /// <summary>Whether entries of this kind change who may do what; their heads are what <see cref="AuthorityHash"/> covers.</summary>
    public static bool IsAuthority(uint kind) => kind is Genesis or Introduce or SetRole;

    /// <summary>Whether the kind is known to carry no epoch.</summary>
    public static bool IsKnownControl(uint kind) => kind is >= Genesis and <= Merge;

    /// <summary>Whether the kind is known to carry an epoch.</summary>
    public static bool IsKnownContent(uint kind) => kind is >= Message and <= GroupInvitation;
}
