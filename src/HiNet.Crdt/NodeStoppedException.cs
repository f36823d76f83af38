namespace HiNet.Crdt;

/// <summary>
/// The node is stopped, by its application or by a failure that the message names. Whether an operation that was under way
/// is durable is then unknown: after the next start the conversation shows it or does not.
/// </summary>
public sealed class NodeStoppedException : HiNetException
{
    /// <summary>With the reason.</summary>
    public NodeStoppedException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and the defect behind it.</summary>
    public NodeStoppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
