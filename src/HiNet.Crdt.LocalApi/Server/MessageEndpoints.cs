using System.Globalization;
using HiNet.Crdt.LocalApi.Contract;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>Messages: writing, changing, reading.</summary>
internal static class MessageEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, INodeApi api)
    {
        var messages = routes.MapGroup("/conversations/{conversation}/messages");
        messages.MapGet("/", (RequestDelegate)(context => HistoryAsync(context, api)));
        messages.MapPost("/", (RequestDelegate)(async context =>
        {
            var text = await TextAsync(context);
            await SentAsync(context, await api.SendAsync(ConversationEndpoints.Conversation(context), text, context.RequestAborted));
        }));
        messages.MapPost("/bulk", (RequestDelegate)(context => BulkSend.RunAsync(context, api)));
        messages.MapPost("/{message}/replies", (RequestDelegate)(async context =>
        {
            var text = await TextAsync(context);
            await SentAsync(context, await api.ReplyAsync(ConversationEndpoints.Conversation(context), Message(context), text, context.RequestAborted));
        }));
        messages.MapPut("/{message}/text", (RequestDelegate)(async context =>
        {
            var text = await TextAsync(context);
            await SentAsync(context, await api.EditAsync(ConversationEndpoints.Conversation(context), Message(context), text, context.RequestAborted));
        }));
        messages.MapDelete("/{message}", (RequestDelegate)(async context =>
            await SentAsync(context, await api.DeleteAsync(ConversationEndpoints.Conversation(context), Message(context), context.RequestAborted))));
        messages.MapPost("/{message}/reactions", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.ReactionRequest);
            var emoji = Answers.Required(request.Emoji, "emoji");
            await SentAsync(
                context,
                await api.ReactAsync(ConversationEndpoints.Conversation(context), Message(context), emoji, request.Remove, context.RequestAborted));
        }));
        messages.MapPost("/{message}/read", (RequestDelegate)(async context =>
            await SentAsync(context, await api.MarkReadAsync(ConversationEndpoints.Conversation(context), Message(context), context.RequestAborted))));
    }

    private static async Task HistoryAsync(HttpContext context, INodeApi api)
    {
        int? limit = null;
        if (Answers.Query(context, "limit") is { } given)
        {
            limit = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0
                ? parsed
                : throw new LocalApiException(400, "The limit must be a number of 1 or more.");
        }

        var history = api.GetHistoryAsync(
            ConversationEndpoints.Conversation(context), limit, Answers.Query(context, "before"), context.RequestAborted);
        await JsonLines.WriteAsync(context, history, LocalApiJson.Shared.MessageInfo);
    }

    private static async Task<string> TextAsync(HttpContext context) =>
        Answers.Required((await Answers.BodyAsync(context, LocalApiJson.Shared.TextRequest)).Text, "text");

    private static Task SentAsync(HttpContext context, SentInfo sent) => Answers.JsonAsync(context, sent, LocalApiJson.Shared.SentInfo);

    private static string Message(HttpContext context) => Answers.Route(context, "message");
}
