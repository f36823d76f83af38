using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

/// <summary>
/// Everything that crosses the local API, and the command line's JSON, generated at build time. Use <see cref="Shared"/>:
/// its strings keep letters readable but escape controls and bidirectional overrides, so that a line of JSON is safe to print.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AddressRequest))]
[JsonSerializable(typeof(ContactInfo))]
[JsonSerializable(typeof(IReadOnlyList<ContactInfo>))]
[JsonSerializable(typeof(ContactRequest))]
[JsonSerializable(typeof(IReadOnlyList<ConversationInfo>))]
[JsonSerializable(typeof(ConversationReference))]
[JsonSerializable(typeof(ConversationStatusInfo))]
[JsonSerializable(typeof(DhtFoundInfo))]
[JsonSerializable(typeof(DhtPutInfo))]
[JsonSerializable(typeof(DhtStatsInfo))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(IdentityRequest))]
[JsonSerializable(typeof(InvitationInfo))]
[JsonSerializable(typeof(IReadOnlyList<InvitationInfo>))]
[JsonSerializable(typeof(InviteInfo))]
[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(IReadOnlyList<MemberInfo>))]
[JsonSerializable(typeof(MessageInfo))]
[JsonSerializable(typeof(NodeInfo))]
[JsonSerializable(typeof(NodeStatusInfo))]
[JsonSerializable(typeof(PeerInfo))]
[JsonSerializable(typeof(IReadOnlyList<PeerInfo>))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ReactionRequest))]
[JsonSerializable(typeof(RoleRequest))]
[JsonSerializable(typeof(SentInfo))]
[JsonSerializable(typeof(TextRequest))]
public sealed partial class LocalApiJson : JsonSerializerContext
{
    /// <summary>The context with the API's encoder.</summary>
    public static LocalApiJson Shared { get; } = new(CreateOptions());

    /// <summary>Fresh options with the API's names and encoder.</summary>
    public static JsonSerializerOptions CreateOptions()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        settings.ForbidRange(UnicodeRange.Create('\u200b', '\u200f'));
        settings.ForbidRange(UnicodeRange.Create('\u2028', '\u202e'));
        settings.ForbidRange(UnicodeRange.Create('\u2060', '\u206f'));
        settings.ForbidCharacters('\u061c', '\ufeff');
        return new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.Create(settings),
        };
    }
}
