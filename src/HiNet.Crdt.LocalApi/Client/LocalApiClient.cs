using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HiNet.Crdt.LocalApi.Client;

/// <summary>Talks to a running node over its home's Unix socket.</summary>
public sealed partial class LocalApiClient : INodeApi
{
    private readonly string _socketPath;
    private readonly HttpClient _http;

    /// <summary>To a node that is known to run; see <see cref="TryConnectAsync"/>.</summary>
    /// <param name="socketPath">From <see cref="LocalSocket.PathFor"/>.</param>
    public LocalApiClient(string socketPath)
    {
        _socketPath = socketPath;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(
                await ConnectAsync(cancellationToken).ConfigureAwait(false), ownsSocket: true),
            UseProxy = false,
            UseCookies = false,
        };
        _http = new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = new Uri("http://hinet/v1/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>A client when a node runs on this home, else null. A socket left behind by a killed process counts as none.</summary>
    public static async Task<LocalApiClient?> TryConnectAsync(string home, CancellationToken cancellationToken = default)
    {
        var path = LocalSocket.PathFor(home);
        using var probe = await LocalSocket.TryConnectAsync(path, cancellationToken).ConfigureAwait(false);
        return probe is null ? null : new LocalApiClient(path);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Part(string text) => Uri.EscapeDataString(text);

    private static string Conversation(string conversation) => $"conversations/{Part(conversation)}";

    private static string Message(string conversation, string message) => $"{Conversation(conversation)}/messages/{Part(message)}";

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken) =>
        await LocalSocket.TryConnectAsync(_socketPath, cancellationToken).ConfigureAwait(false)
            ?? throw new LocalApiException(503, "The node has stopped; start it again with 'hinet run'.");

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RequestAsync(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    private Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RequestAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) }, type, cancellationToken);

    private async Task<T> RequestAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
            ?? throw new LocalApiException(500, "The node gave an empty answer.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var _ = request;
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException as LocalApiException
                ?? new LocalApiException(503, "The node stopped while it was asked; start it again with 'hinet run'.", e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ProblemAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<LocalApiException> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        try
        {
            var problem = await response.Content.ReadFromJsonAsync(LocalApiJson.Shared.Problem, cancellationToken).ConfigureAwait(false);
            return new LocalApiException(status, problem?.Error ?? $"The node answered {status}.");
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            return new LocalApiException(status, $"The node answered {status}.", e);
        }
    }
}
