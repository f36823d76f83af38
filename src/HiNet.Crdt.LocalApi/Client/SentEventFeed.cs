using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Client;

/// <summary>A feed read from server-sent events.</summary>
internal sealed class SentEventFeed : IEventFeed
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;

    private SentEventFeed(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _body = body;
    }

    public static async Task<IEventFeed> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new SentEventFeed(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));

    public async IAsyncEnumerable<EventInfo> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var parser = SseParser.Create(_body, static (_, data) => JsonSerializer.Deserialize(data, LocalApiLineJson.Shared.EventInfo)!);
        var items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var _ = items.ConfigureAwait(false);
        while (await MoveAsync(items).ConfigureAwait(false))
        {
            yield return items.Current.Data;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
    }

    private static async ValueTask<bool> MoveAsync(IAsyncEnumerator<SseItem<EventInfo>> items)
    {
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The node has gone: a feed ends with its node.
            return false;
        }
    }
}
