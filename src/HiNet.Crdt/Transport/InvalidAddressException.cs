namespace HiNet.Crdt.Transport;

/// <summary>An address is not written as host:port. The message says what is wrong with it.</summary>
public sealed class InvalidAddressException : HiNetException
{
    /// <summary>With a sentence that says what is wrong and what to write.</summary>
    public InvalidAddressException(string message)
        : base(message)
    {
    }
}
