namespace HiNet.Crdt;

/// <summary>The node did not do what was asked; nothing of it happened. The message says why and what to do.</summary>
public sealed class OperationRefusedException : HiNetException
{
    /// <summary>With the node's own sentence.</summary>
    public OperationRefusedException(string message)
        : base(message)
    {
    }
}
