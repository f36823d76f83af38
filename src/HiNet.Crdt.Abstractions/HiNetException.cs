namespace HiNet.Crdt;

/// <summary>
/// The base of everything that HiNet.Crdt throws on purpose. The message is one sentence for a person and says what to do.
/// What a remote node does wrong is never thrown: it is an event and a metric.
/// </summary>
public class HiNetException : Exception
{
    /// <summary>With a sentence that says what is wrong and what to do.</summary>
    public HiNetException(string message)
        : base(message)
    {
    }

    /// <summary>With the error that was met below.</summary>
    public HiNetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
