namespace HiNet.Crdt.Simulation.Cryptography;

/// <summary>Sees what goes into secret streams and what comes out of them: the frames of links as their two ends see them.</summary>
internal interface IFrameTap
{
    /// <summary>A node made a stream to send on; <paramref name="stream"/> is the same at both ends and differs between streams.</summary>
    void Created(ulong stream);

    /// <summary>A node sealed a frame.</summary>
    void Sealed(ulong stream, ReadOnlySpan<byte> plaintext);

    /// <summary>A node opened a frame.</summary>
    void Opened(ulong stream, ReadOnlySpan<byte> plaintext);
}
