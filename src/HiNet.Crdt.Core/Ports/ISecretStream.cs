namespace HiNet.Crdt.Core.Ports;

/// <summary>Sealing half of a secret stream: TAG_MESSAGE, no associated data, 17 bytes longer than the plaintext.</summary>
public interface ISecretStreamPush : IDisposable
{
    void Push(ReadOnlySpan<byte> plaintext, Span<byte> sealedText);
}

/// <summary>Opening half of a secret stream.</summary>
public interface ISecretStreamPull : IDisposable
{
    /// <summary><paramref name="plaintext"/> is 17 shorter than <paramref name="sealedText"/>; false when it does not authenticate in this place.</summary>
    bool Pull(ReadOnlySpan<byte> sealedText, Span<byte> plaintext);
}
