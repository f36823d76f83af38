namespace HiNet.Crdt.Core.Dht;

/// <summary>A node of the DHT: its Ed25519 node key, and where it was.</summary>
public readonly record struct DhtContact(Bytes32 NodeKey, Endpoint Endpoint)
{
    /// <summary>The wire form of the longest contact, in bytes: the key, then the endpoint.</summary>
    internal const int MaxSize = Bytes32.Size + Endpoint.LongSize;

    internal byte[] Encode()
    {
        var bytes = new byte[Bytes32.Size + Endpoint.Size];
        NodeKey.CopyTo(bytes);
        Endpoint.Write(bytes.AsSpan(Bytes32.Size));
        return bytes;
    }

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out DhtContact contact)
    {
        contact = default;
        if (bytes.Length < Bytes32.Size || !Endpoint.TryRead(bytes[Bytes32.Size..], out var endpoint))
        {
            return false;
        }

        contact = new DhtContact(new Bytes32(bytes[..Bytes32.Size]), endpoint);
        return true;
    }
}
