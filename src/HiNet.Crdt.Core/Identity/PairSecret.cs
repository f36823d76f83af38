using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// The secret that two people share without having talked: BLAKE2b-256 keyed by the X25519 shared secret of their agreement
/// keys, over the domain and the identities in ascending order. <c>specs/07-identity.md</c>, "Pair secret".
/// </summary>
public static class PairSecret
{
    /// <summary>The secret; null when the other's agreement key is a point of small order, with which nothing is secret.</summary>
    /// <param name="cryptography">Agrees and hashes.</param>
    /// <param name="agreementSecret">One's own X25519 secret key, 32 bytes.</param>
    /// <param name="ownIdentity">One's own identity.</param>
    /// <param name="otherAgreementPublic">The other's X25519 public key; unused for a note to self.</param>
    /// <param name="otherIdentity">The other's identity; one's own for a note to self, which is keyed by the agreement secret itself.</param>
    public static Bytes32? Derive(
        ICryptography cryptography,
        ReadOnlySpan<byte> agreementSecret,
        IdentityId ownIdentity,
        Bytes32 otherAgreementPublic,
        IdentityId otherIdentity)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> key = stackalloc byte[Bytes32.Size];
        if (ownIdentity == otherIdentity)
        {
            agreementSecret.CopyTo(key);
        }
        else
        {
            Span<byte> other = stackalloc byte[Bytes32.Size];
            otherAgreementPublic.CopyTo(other);
            if (!cryptography.X25519(agreementSecret, other, key))
            {
                return null;
            }
        }

        var ascending = ownIdentity.CompareTo(otherIdentity) <= 0;
        Span<byte> pair = stackalloc byte[2 * Bytes32.Size];
        (ascending ? ownIdentity : otherIdentity).CopyTo(pair);
        (ascending ? otherIdentity : ownIdentity).CopyTo(pair[Bytes32.Size..]);
        var secret = DomainHash.Keyed(cryptography, key, Domains.PairSecret, pair);
        cryptography.Wipe(key);
        return secret;
    }
}
