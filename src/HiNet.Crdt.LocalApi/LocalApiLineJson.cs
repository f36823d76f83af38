using System.Text.Json;
using System.Text.Json.Serialization;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

/// <summary>The records whose absent fields are left out of the JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventInfo))]
[JsonSerializable(typeof(SentLine))]
public sealed partial class LocalApiLineJson : JsonSerializerContext
{
    /// <summary>The context with the API's encoder.</summary>
    public static LocalApiLineJson Shared { get; } = new(CreateOptions());

    private static JsonSerializerOptions CreateOptions()
    {
        var options = LocalApiJson.CreateOptions();
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        return options;
    }
}
