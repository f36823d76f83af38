using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Log;

/// <summary>Names a state of authority: the heads of the authority entries in an entry's past.</summary>
public static class AuthorityHash
{
    /// <summary>BLAKE2b-256 over the domain and the heads.</summary>
    /// <param name="cryptography">Hashes.</param>
    /// <param name="sortedHeads">Authority entries in the past that no other authority entry there has in its own past; ascending, distinct; none is fine.</param>
    /// <exception cref="ArgumentException">The heads are not ascending and distinct.</exception>
    public static Bytes32 Of(ICryptography cryptography, IReadOnlyList<EntryId> sortedHeads)
    {
        ArgumentNullException.ThrowIfNull(sortedHeads);
        var bytes = new byte[sortedHeads.Count * Bytes32.Size];
        for (var i = 0; i < sortedHeads.Count; i++)
        {
            if (i > 0 && sortedHeads[i - 1].CompareTo(sortedHeads[i]) >= 0)
            {
                throw new ArgumentException("The heads have to be ascending and distinct.", nameof(sortedHeads));
            }

            sortedHeads[i].CopyTo(bytes.AsSpan(i * Bytes32.Size));
        }

        return DomainHash.Of(cryptography, Domains.AuthorityHeads, bytes);
    }
}
