namespace HiNet.Crdt.Cryptography;

/// <summary>What should be a sealed or open secret is damaged, or is something else.</summary>
public sealed class CorruptSecretException : HiNetException
{
    private CorruptSecretException(string message)
        : base(message)
    {
    }

    internal static CorruptSecretException Damaged() =>
        new("The stored secrets are damaged; restore them from a backup, or the identity from its recovery phrase.");

    internal static CorruptSecretException UnknownVersion(byte version) =>
        new($"The stored secrets have format version {version}, which this version of HiNet.Crdt cannot read; use a newer one.");

    internal static CorruptSecretException ExcessiveCost() =>
        new("The stored secrets demand more memory or time than is allowed to open them; restore them from a backup.");
}
