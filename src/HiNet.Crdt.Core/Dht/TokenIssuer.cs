using System.Buffers.Binary;
using System.Security.Cryptography;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Tokens that prove a round trip: only who receives at an address can show its token from there. A token is a hash under a secret
/// of ours over the address, the node key and a number that steps every five minutes, so nothing has to be remembered; it is good
/// for five to ten minutes.
/// </summary>
internal sealed class TokenIssuer
{
    public const int Size = 16;

    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(5);

    private readonly ICryptography _cryptography;
    private readonly byte[] _secret = new byte[32];

    public TokenIssuer(ICryptography cryptography)
    {
        _cryptography = cryptography;
        cryptography.FillSecret(_secret);
    }

    public byte[] Issue(Endpoint endpoint, Bytes32 nodeKey, Instant now)
    {
        var token = new byte[Size];
        Compute(endpoint, nodeKey, StepOf(now), token);
        return token;
    }

    public bool IsGood(ReadOnlySpan<byte> token, Endpoint endpoint, Bytes32 nodeKey, Instant now)
    {
        if (token.Length != Size)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[Size];
        var step = StepOf(now);
        for (var age = 0; age < 2; age++)
        {
            Compute(endpoint, nodeKey, step - age, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, token))
            {
                return true;
            }
        }

        return false;
    }

    public void Wipe() => _cryptography.Wipe(_secret);

    private static long StepOf(Instant now) => now.Microseconds / (s_step.Ticks / TimeSpan.TicksPerMicrosecond);

    private void Compute(Endpoint endpoint, Bytes32 nodeKey, long step, Span<byte> token)
    {
        Span<byte> message = stackalloc byte[sizeof(long) + Bytes32.Size + 16 + sizeof(ushort)];
        BinaryPrimitives.WriteInt64LittleEndian(message, step);
        nodeKey.CopyTo(message[8..]);
        BinaryPrimitives.WriteUInt128BigEndian(message[40..], endpoint.Address);
        BinaryPrimitives.WriteUInt16BigEndian(message[56..], endpoint.Port);
        _cryptography.Blake2bJoined(first: Domains.DhtToken, second: message, digest: token, key: _secret);
    }
}
