using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>Streams values as one JSON object a line (application/x-ndjson), flushed when the source pauses.</summary>
internal static class JsonLines
{
    public const string ContentType = "application/x-ndjson";

    private const int FlushedAfter = 32 << 10;

    public static async Task WriteAsync<T>(HttpContext context, IAsyncEnumerable<T> values, JsonTypeInfo<T> type)
    {
        var cancelled = context.RequestAborted;
        var source = values.GetAsyncEnumerator(cancelled);
        await using var _ = source.ConfigureAwait(false);

        // The first step may refuse the whole request, which must become a status and not a broken stream.
        var more = await source.MoveNextAsync().ConfigureAwait(false);
        context.Response.ContentType = ContentType;
        var writer = context.Response.BodyWriter;
        var unflushed = 0L;
        using var json = new Utf8JsonWriter(writer, new JsonWriterOptions { Encoder = type.Options.Encoder });
        while (more)
        {
            json.Reset(writer);
            JsonSerializer.Serialize(json, source.Current, type);
            await json.FlushAsync(cancelled).ConfigureAwait(false);
            writer.GetSpan(1)[0] = (byte)'\n';
            writer.Advance(1);
            unflushed += json.BytesCommitted + 1;
            var next = source.MoveNextAsync().AsTask();
            if (!next.IsCompleted || unflushed > FlushedAfter)
            {
                await writer.FlushAsync(cancelled).ConfigureAwait(false);
                unflushed = 0;
            }

            more = await next.ConfigureAwait(false);
        }

        await writer.FlushAsync(cancelled).ConfigureAwait(false);
    }
}
