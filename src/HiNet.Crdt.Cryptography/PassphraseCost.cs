namespace HiNet.Crdt.Cryptography;

/// <summary>What one guess at a passphrase costs, by Argon2id (RFC 9106) with one lane.</summary>
/// <param name="Operations">Passes over the memory, 1 to <see cref="MaximumOperations"/>.</param>
/// <param name="MemoryKiB">Memory in KiB, <see cref="MinimumMemoryKiB"/> to <see cref="MaximumMemoryKiB"/>.</param>
public readonly record struct PassphraseCost(uint Operations, uint MemoryKiB)
{
    /// <summary>Bounds the time that a stored cost may demand: with the most memory, five to ten seconds.</summary>
    public const uint MaximumOperations = 8;

    /// <summary>libsodium's least.</summary>
    public const uint MinimumMemoryKiB = 8;

    /// <summary>1 GiB: bounds the memory that a stored cost may demand.</summary>
    public const uint MaximumMemoryKiB = 1024 * 1024;

    /// <summary>2 passes over 64 MiB, under 0.1 s: for a home that is opened at every start.</summary>
    public static PassphraseCost Interactive => new(2, 64 * 1024);

    /// <summary>3 passes over 256 MiB, about half a second.</summary>
    public static PassphraseCost Moderate => new(3, 256 * 1024);

    /// <summary>4 passes over 1 GiB, two to three seconds.</summary>
    public static PassphraseCost Sensitive => new(4, MaximumMemoryKiB);

    internal bool IsWithinBounds =>
        Operations is >= 1 and <= MaximumOperations && MemoryKiB is >= MinimumMemoryKiB and <= MaximumMemoryKiB;
}
