using System.Text.Json.Serialization;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Output;

/// <summary>The JSON of verbs that are not calls of the local API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckLine))]
[JsonSerializable(typeof(CreatedIdentity))]
[JsonSerializable(typeof(Demo.DemoState))]
[JsonSerializable(typeof(EntryCount))]
[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(ReadyLine))]
internal sealed partial class CliJson : JsonSerializerContext
{
    public static CliJson Shared { get; } = new(LocalApiJson.CreateOptions());
}
