namespace HiNet.Crdt;

/// <summary>An option of a node is missing or malformed. The message names it and says what to set.</summary>
public sealed class InvalidOptionsException : HiNetException
{
    /// <summary>With a sentence that names the option.</summary>
    public InvalidOptionsException(string message)
        : base(message)
    {
    }
}
