namespace HiNet.Crdt;

/// <summary>A text, a name or a reaction cannot be sent as it is. The message says why; nothing was written.</summary>
public sealed class InvalidTextException : HiNetException
{
    /// <summary>With a sentence that says what is wrong with it.</summary>
    public InvalidTextException(string message)
        : base(message)
    {
    }
}
