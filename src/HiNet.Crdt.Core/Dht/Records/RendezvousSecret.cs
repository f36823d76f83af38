using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// What the places, keys and writers of one kind of record derive from. Whoever has it finds and reads the records of everyone
/// who has it. Each kind of record and each kind of secret behind it has its own. <c>specs/13-records.md</c>, "Secrets".
/// </summary>
public sealed class RendezvousSecret
{
    private readonly Bytes32 _value;

    private RendezvousSecret(RecordKind kind, Bytes32 value)
    {
        Kind = kind;
        _value = value;
    }

    /// <summary>What records under it say.</summary>
    public RecordKind Kind { get; }

    /// <summary>For the members of a conversation who have an epoch's secret, which a removed member does not get.</summary>
    public static RendezvousSecret OfEpoch(ICryptography cryptography, ConversationId conversation, Bytes32 epochSecret, RecordKind kind)
    {
        Span<byte> context = stackalloc byte[1 + Bytes32.Size];
        conversation.CopyTo(context[1..]);
        return Derive(cryptography, epochSecret, Domains.RendezvousEpoch, context, kind);
    }

    /// <summary>For two contacts, or a person's own devices: of their <see cref="PairSecret"/>.</summary>
    public static RendezvousSecret OfPair(ICryptography cryptography, Bytes32 pairSecret, RecordKind kind) =>
        Derive(cryptography, pairSecret, Domains.RendezvousPair, stackalloc byte[1], kind);

    /// <summary>For whoever made an invite and whoever was handed it: of <see cref="Invite.Secret"/>.</summary>
    public static RendezvousSecret OfInvite(ICryptography cryptography, Bytes32 inviteSecret, RecordKind kind) =>
        Derive(cryptography, inviteSecret, Domains.RendezvousInvite, stackalloc byte[1], kind);

    /// <summary>A secret for another purpose, from which neither this one nor its records can be told.</summary>
    internal Bytes32 Derive(ICryptography cryptography, ReadOnlySpan<byte> domain)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        _value.CopyTo(key);
        var derived = DomainHash.Keyed(cryptography, key, domain, default);
        cryptography.Wipe(key);
        return derived;
    }

    internal Bytes32 Hash(ICryptography cryptography, ReadOnlySpan<byte> domain, RecordPeriod period)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        _value.CopyTo(key);
        var hash = DomainHash.Keyed(cryptography, key, domain, period.Encode(stackalloc byte[sizeof(long)]));
        cryptography.Wipe(key);
        return hash;
    }

    /// <summary>As <see cref="Hash"/>, of another length.</summary>
    internal void Expand(ICryptography cryptography, ReadOnlySpan<byte> domain, RecordPeriod period, Span<byte> output)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        _value.CopyTo(key);
        cryptography.Blake2bJoined(first: domain, second: period.Encode(stackalloc byte[sizeof(long)]), digest: output, key: key);
        cryptography.Wipe(key);
    }

    // The context's first byte is the kind's place.
    private static RendezvousSecret Derive(ICryptography cryptography, Bytes32 secret, ReadOnlySpan<byte> domain, Span<byte> context, RecordKind kind)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        if (kind is not (RecordKind.Contact or RecordKind.Prekeys))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of record.");
        }

        context[0] = (byte)kind;
        Span<byte> key = stackalloc byte[Bytes32.Size];
        secret.CopyTo(key);
        var value = DomainHash.Keyed(cryptography, key, domain, context);
        cryptography.Wipe(key);
        return new RendezvousSecret(kind, value);
    }
}
