namespace HiNet.Crdt.Core.Ports;

/// <summary>The store cannot do what was asked. The message says what happened and what to do, in one sentence.</summary>
public class StoreException : HiNetException
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
