using System.Text.Json;

namespace HiNet.Crdt.Cryptography.Tests;

/// <summary>Reads <c>specs/vectors/cryptography.json</c>.</summary>
internal static class Vectors
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    internal static VectorFile Read() =>
        JsonSerializer.Deserialize<VectorFile>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "cryptography.json")),
            s_options)!;

    internal static byte[] Hex(this string digits) => Convert.FromHexString(digits);

    internal sealed record VectorFile(PhraseVector[] RecoveryPhrases, SecretVector[] SealedSecrets);

    internal sealed record PhraseVector(string Entropy, string Words, string Identity, string Agreement);

    internal sealed record SecretVector(
        string Name, string Secret, string? Passphrase, uint Operations, uint MemoryKiB, string Salt, string Nonce, string Blob);
}
