namespace HiNet.Crdt.Cryptography;

/// <summary>The secret is sealed and no passphrase was given.</summary>
public sealed class PassphraseRequiredException : HiNetException
{
    /// <summary>With the one sentence there is.</summary>
    public PassphraseRequiredException()
        : base("The secrets are sealed with a passphrase; give it and try again.")
    {
    }
}
