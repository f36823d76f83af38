using System.Text;
using System.Text.Json;
using HiNet.Crdt.LocalApi.Contract;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>Server-sent events (WHATWG HTML, section 9.2).</summary>
internal static class EventEndpoints
{
    // A comment line now and then is how an ended connection is noticed while nothing happens.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>What is written and not flushed is held in memory, however slowly the reader reads.</summary>
    private const int FlushedAfter = 32 << 10;

    public static void Map(IEndpointRouteBuilder routes, INodeApi api, CancellationToken stopping)
    {
        routes.MapGet("/events", (RequestDelegate)(async context =>
            await StreamAsync(context, await api.WatchAsync(null, From(context), context.RequestAborted), hasIds: false, stopping)));
        routes.MapGet("/node-events", (RequestDelegate)(async context =>
            await StreamAsync(context, await api.WatchNodeAsync(context.RequestAborted), hasIds: false, stopping)));
        routes.MapGet("/conversations/{conversation}/events", (RequestDelegate)(async context =>
            await StreamAsync(
                context, await api.WatchAsync(ConversationEndpoints.Conversation(context), From(context), context.RequestAborted), hasIds: true, stopping)));
    }

    private static string? From(HttpContext context) =>
        context.Request.Headers.TryGetValue("Last-Event-ID", out var last) && last.Count == 1 ? last.ToString() : Answers.Query(context, "from");

    /// <param name="context">The request.</param>
    /// <param name="feed">What is streamed.</param>
    /// <param name="hasIds">Whether an event's cursor alone says where to go on: a reader gives back the last one only.</param>
    /// <param name="stopping">The server's end.</param>
    private static async Task StreamAsync(HttpContext context, IEventFeed feed, bool hasIds, CancellationToken stopping)
    {
        await using var _ = feed.ConfigureAwait(false);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await WriteAsync(context.Response, feed, hasIds, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone or the node stops: either way the stream just ends.
        }
    }

    private static async Task WriteAsync(HttpResponse response, IEventFeed feed, bool hasIds, CancellationToken cancellationToken)
    {
        var writer = response.BodyWriter;
        await CommentAsync(response, "open", cancellationToken).ConfigureAwait(false);
        var events = feed.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var _ = events.ConfigureAwait(false);
        var heartbeat = Task.Delay(Heartbeat, cancellationToken);
        while (true)
        {
            var next = events.MoveNextAsync().AsTask();
            if (!next.IsCompleted || writer.UnflushedBytes > FlushedAfter)
            {
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            while (!next.IsCompleted && await Task.WhenAny(next, heartbeat).ConfigureAwait(false) != next)
            {
                cancellationToken.ThrowIfCancellationRequested();
                heartbeat = Task.Delay(Heartbeat, cancellationToken);
                await CommentAsync(response, "still here", cancellationToken).ConfigureAwait(false);
            }

            if (!await next.ConfigureAwait(false))
            {
                return;
            }

            Write(response, events.Current, hasIds);
        }
    }

    private static void Write(HttpResponse response, EventInfo happened, bool hasId)
    {
        var head = happened.Cursor is null || !hasId
            ? $"event: {happened.Event}\ndata: "
            : $"id: {happened.Cursor}\nevent: {happened.Event}\ndata: ";
        Encoding.UTF8.GetBytes(head, response.BodyWriter);
        using (var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = LocalApiLineJson.Shared.Options.Encoder }))
        {
            JsonSerializer.Serialize(json, happened, LocalApiLineJson.Shared.EventInfo);
        }

        Encoding.UTF8.GetBytes("\n\n", response.BodyWriter);
    }

    private static async Task CommentAsync(HttpResponse response, string comment, CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes($": {comment}\n\n", response.BodyWriter);
        await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
