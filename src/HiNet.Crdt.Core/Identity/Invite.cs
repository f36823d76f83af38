using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// First contact, handed over outside the network: the inviting device's card, a secret that the invited shows knowledge of,
/// and where to dial. As text, <c>hinet2</c> and base32. <c>specs/07-identity.md</c>, "Invite".
/// </summary>
public sealed partial class Invite
{
    /// <summary>Addresses of one invite.</summary>
    public const int MaxAddresses = 8;

    /// <summary>One address, in bytes.</summary>
    public const int MaxAddressBytes = 128;

    private const long MinuteMilliseconds = 60_000;
    private const int FreshSecretSize = 16;

    private readonly string[] _addresses;

    private Invite(DeviceCard card, Bytes32 secret, long expiresUnixMilliseconds, string[] addresses)
    {
        Card = card;
        Secret = secret;
        ExpiresUnixMilliseconds = expiresUnixMilliseconds;
        _addresses = addresses;
    }

    /// <summary>The inviting device's. Well formed, but not checked: ask <see cref="DeviceCard.IsValid"/>.</summary>
    public DeviceCard Card { get; }

    /// <summary>Whoever knows it is invited. One that <see cref="Create"/> drew has 16 random bytes and 16 zeros, which its text leaves out.</summary>
    public Bytes32 Secret { get; }

    /// <summary>Unix time in milliseconds from which on the invite counts for nothing; a full minute.</summary>
    public long ExpiresUnixMilliseconds { get; }

    /// <summary>Where to dial, host:port; a hint, at most 8.</summary>
    public IReadOnlyList<string> Addresses => _addresses;

    /// <summary>Makes an invite with a fresh secret of 128 bits.</summary>
    /// <exception cref="ArgumentException">As <see cref="From"/>.</exception>
    public static Invite Create(ICryptography cryptography, DeviceCard card, long expiresUnixMilliseconds, IReadOnlyList<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> secret = stackalloc byte[Bytes32.Size];
        secret.Clear();
        cryptography.FillSecret(secret[..FreshSecretSize]);
        return From(card, new Bytes32(secret), expiresUnixMilliseconds, addresses);
    }

    /// <summary>Makes an invite with a secret that is there already. The expiry is cut to the minute, and is the first of 1970 at least.</summary>
    /// <exception cref="ArgumentException">An expiry that is not after 1970, more than 8 addresses, or one that <see cref="IsAddress"/> refuses.</exception>
    public static Invite From(DeviceCard card, Bytes32 secret, long expiresUnixMilliseconds, IReadOnlyList<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expiresUnixMilliseconds);
        if (addresses.Count > MaxAddresses || !addresses.All(IsAddress))
        {
            throw new ArgumentException($"An invite has at most {MaxAddresses} addresses of 1 to {MaxAddressBytes} printable ASCII characters.", nameof(addresses));
        }

        var minutes = Math.Max(expiresUnixMilliseconds / MinuteMilliseconds, 1);
        return new Invite(card, secret, minutes * MinuteMilliseconds, [.. addresses]);
    }

    /// <summary>Whether a text can be an address of an invite: 1 to 128 printable ASCII characters. Whether it can be dialled is for others to say.</summary>
    public static bool IsAddress(string? address) =>
        address is { Length: >= 1 and <= MaxAddressBytes } && address.All(c => c is > ' ' and <= '~');

    /// <summary>Names the invite without giving it away: BLAKE2b-256 keyed by the secret, over the domain.</summary>
    public Bytes32 Id(ICryptography cryptography)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        Secret.CopyTo(key);
        return DomainHash.Keyed(cryptography, key, Domains.InviteId, default);
    }
}
