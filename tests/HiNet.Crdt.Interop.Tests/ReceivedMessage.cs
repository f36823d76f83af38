using System.Security.Cryptography;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Interop.Tests;

/// <summary>A message by its digest; large ones are compared without being kept.</summary>
internal sealed record ReceivedMessage(string Key, int Type, int Length, string Digest)
{
    public static ReceivedMessage Of(LinkEffect.MessageReceived message) => new(
        KeyOf(message.Channel), message.Type, message.Payload.Length, Convert.ToHexStringLower(SHA256.HashData(message.Payload.Span)));

    public static string KeyOf(LinkChannel channel) => $"{channel.Protocol}/{Convert.ToHexStringLower(channel.Id.Span)}";

    /// <summary>Message number <paramref name="n"/> of a burst.</summary>
    public static byte[] Payload(int size, int n)
    {
        var payload = new byte[size + n];
        Array.Fill(payload, (byte)n);
        return payload;
    }

    /// <summary>A burst, as both ends send it.</summary>
    public static ReceivedMessage[] Burst(string key, int type, int size, int count) =>
    [
        .. Enumerable.Range(0, count)
            .Select(n => new ReceivedMessage(key, type, size + n, Convert.ToHexStringLower(SHA256.HashData(Payload(size, n))))),
    ];
}
