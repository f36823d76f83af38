using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Client;

public sealed partial class LocalApiClient
{
    // One request's worth of a bulk send: enough to keep the node's 256 busy, small enough to answer often.
    private const int BatchLength = 1_024;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SentInfo> SendManyAsync(
        string conversation,
        IAsyncEnumerable<string> texts,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in Batches.OfWhatIsThereAsync(texts, BatchLength, cancellationToken).ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            foreach (var text in batch.Items)
            {
                JsonSerializer.Serialize(body, new TextRequest(text), Json.TextRequest);
                body.WriteByte((byte)'\n');
            }

            body.Position = 0;
            var content = new StreamContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var response = await SendAsync(
                new HttpRequestMessage(HttpMethod.Post, $"{Conversation(conversation)}/messages/bulk") { Content = content },
                cancellationToken).ConfigureAwait(false);
            var answered = 0;
            await foreach (var line in LinesAsync(response, LocalApiLineJson.Shared.SentLine, cancellationToken).ConfigureAwait(false))
            {
                answered++;
                yield return line.Error is null ? new SentInfo(line.Id!, line.State!) : throw new LocalApiException(422, line.Error);
            }

            if (answered < batch.Items.Count)
            {
                throw new LocalApiException(503, "The node stopped in the middle; the messages not listed were perhaps not sent.");
            }

            if (batch.Failure is not null)
            {
                throw batch.Failure;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MessageInfo> GetHistoryAsync(
        string conversation,
        int? limit = null,
        string? before = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = (limit, before) switch
        {
            (null, null) => string.Empty,
            ({ } n, null) => $"?limit={n}",
            (null, { } b) => $"?before={Part(b)}",
            ({ } n, { } b) => $"?limit={n}&before={Part(b)}",
        };
        using var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, $"{Conversation(conversation)}/messages{query}"), cancellationToken).ConfigureAwait(false);
        await foreach (var message in LinesAsync(response, Json.MessageInfo, cancellationToken).ConfigureAwait(false))
        {
            yield return message;
        }
    }

    /// <inheritdoc/>
    public Task<IEventFeed> WatchAsync(string? conversation, string? from, CancellationToken cancellationToken = default)
    {
        var path = conversation is null ? "events" : $"{Conversation(conversation)}/events";
        return FeedAsync(from is null ? path : $"{path}?from={Part(from)}", cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IEventFeed> WatchNodeAsync(CancellationToken cancellationToken = default) => FeedAsync("node-events", cancellationToken);

    /// <inheritdoc/>
    public async Task AttachAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var raw = await RawLink.OpenAsync(await ConnectAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        await using var _ = raw.ConfigureAwait(false);
        await RawLink.JoinAsync(stream, raw, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IEventFeed> FeedAsync(string path, CancellationToken cancellationToken) =>
        await SentEventFeed.OpenAsync(
            await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);

    private static async IAsyncEnumerable<T> LinesAsync<T>(
        HttpResponseMessage response,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        await foreach (var value in JsonSerializer.DeserializeAsyncEnumerable(body, type, topLevelValues: true, cancellationToken).ConfigureAwait(false))
        {
            yield return value!;
        }
    }
}
