namespace HiNet.Crdt.LocalApi;

/// <summary>The API refused something. The message is the sentence to show.</summary>
public sealed class LocalApiException : HiNetException
{
    /// <summary>With an HTTP status and a sentence.</summary>
    public LocalApiException(int status, string message)
        : base(message)
    {
        Status = status;
    }

    /// <summary>With the error met below.</summary>
    public LocalApiException(int status, string message, Exception innerException)
        : base(message, innerException)
    {
        Status = status;
    }

    /// <summary>400 malformed, 404 not found, 409 ambiguous, 422 refused by the node, 501 not in this version, 503 stopped.</summary>
    public int Status { get; }
}
