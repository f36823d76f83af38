using System.Net.Sockets;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Attack.Hostile;

/// <summary>Shakes hands properly and then puts any plaintexts into the encrypted stream, which <see cref="LinkMachine"/> would not do.</summary>
internal static class StreamGarbage
{
    private const int HeaderSize = 3;
    private const int SealOverhead = 17;

    private static readonly ICryptography Cryptography = SodiumCryptography.Instance;

    /// <exception cref="LinkLostException">The victim did not answer the handshake.</exception>
    public static async Task SendAsync(Socket socket, IReadOnlyList<byte[]> plaintexts, CancellationToken cancellationToken)
    {
        var seed = new byte[Bytes32.Size];
        Cryptography.FillSecret(seed);
        using var keys = NodeKeyPair.FromSeed(Cryptography, seed);
        using var handshake = new NoiseHandshake(Cryptography, keys);
        var first = new byte[NoiseHandshake.FirstSize];
        handshake.WriteFirst(first);
        await socket.SendAsync(Frame(first), cancellationToken);

        var second = new byte[HeaderSize + NoiseHandshake.SecondSize];
        for (var filled = 0; filled < second.Length;)
        {
            var length = await socket.ReceiveAsync(second.AsMemory(filled), cancellationToken);
            filled += length > 0 ? length : throw new LinkLostException("The victim did not answer the handshake.");
        }

        var third = new byte[NoiseHandshake.ThirdSize];
        if (!handshake.TryReadSecond(second.AsSpan(HeaderSize)) || !handshake.TryWriteThird(third))
        {
            throw new LinkLostException("The victim's answer to the handshake was none.");
        }

        await socket.SendAsync(Stream(handshake, third, plaintexts), cancellationToken);
    }

    private static byte[] Stream(NoiseHandshake handshake, byte[] third, IReadOnlyList<byte[]> plaintexts)
    {
        var (ours, theirs, opening) = (new byte[32], new byte[32], new byte[StreamIdentity.Size + 24]);
        handshake.Split(ours, theirs);
        StreamIdentity.Compute(Cryptography, handshake.Hash, initiator: true, opening.AsSpan(0, StreamIdentity.Size));
        using var push = Cryptography.CreatePush(ours, opening.AsSpan(StreamIdentity.Size));
        List<byte> bytes = [.. Frame(third), .. Frame(opening)];
        foreach (var plaintext in plaintexts)
        {
            var body = new byte[plaintext.Length + SealOverhead];
            push.Push(plaintext, body);
            bytes.AddRange(Frame(body));
        }

        return [.. bytes];
    }

    private static byte[] Frame(ReadOnlySpan<byte> body) => [(byte)body.Length, (byte)(body.Length >> 8), (byte)(body.Length >> 16), .. body];
}
