namespace HiNet.Crdt.Cryptography;

/// <summary>The secret is intact and does not open under this passphrase.</summary>
public sealed class WrongPassphraseException : HiNetException
{
    /// <summary>With the one sentence there is.</summary>
    public WrongPassphraseException()
        : base("The passphrase is wrong; check it and try again.")
    {
    }
}
