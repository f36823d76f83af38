using System.Text.Json.Nodes;

namespace HiNet.Crdt.Core.Tests.Support;

/// <summary>Bytes as the vectors write them.</summary>
internal static class Hex
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    public static string Of(ReadOnlyMemory<byte> bytes) => Of(bytes.Span);

    public static string Of(byte[] bytes) => Of(bytes.AsSpan());

    public static byte[] Bytes(this JsonNode node, string name) => Convert.FromHexString(node[name]!.GetValue<string>());

    public static Bytes32 Bytes32(this JsonNode node, string name) => new(node.Bytes(name));

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();
}
