using System.Runtime.CompilerServices;
using System.Text.Json;
using HiNet.Crdt.LocalApi.Contract;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>Many messages in one request: a line of JSON each, answered by a line each, in order.</summary>
internal static class BulkSend
{
    private const int LongestLine = 512 << 10;

    public static async Task RunAsync(HttpContext context, INodeApi api)
    {
        // Every line is bounded; how many there are is the caller's affair.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var conversation = ConversationEndpoints.Conversation(context);
        await JsonLines.WriteAsync(context, ResultsAsync(api, conversation, context), LocalApiLineJson.Shared.SentLine);
    }

    private static async IAsyncEnumerable<SentLine> ResultsAsync(INodeApi api, string conversation, HttpContext context)
    {
        var results = api.SendManyAsync(conversation, TextsAsync(context, context.RequestAborted), context.RequestAborted)
            .GetAsyncEnumerator(context.RequestAborted);
        await using var _ = results.ConfigureAwait(false);
        for (var sent = 0; ; sent++)
        {
            SentLine line;
            try
            {
                if (!await results.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }

                line = new SentLine(results.Current.Id, results.Current.State);
            }
            catch (HiNetException e) when (sent > 0 || e is not LocalApiException { Status: 404 or 409 })
            {
                line = new SentLine(Error: e.Message);
            }

            yield return line;
            if (line.Error is not null)
            {
                yield break;
            }
        }
    }

    private static async IAsyncEnumerable<string> TextsAsync(HttpContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LineReader.ReadLinesAsync(context.Request.Body, LongestLine, cancellationToken).ConfigureAwait(false))
        {
            if (line.Length > 0)
            {
                yield return Parse(line);
            }
        }
    }

    private static string Parse(string line)
    {
        try
        {
            return Answers.Required(JsonSerializer.Deserialize(line, LocalApiJson.Shared.TextRequest)?.Text, "text");
        }
        catch (JsonException e)
        {
            throw new LocalApiException(400, "A line of a bulk send must be a JSON object with a 'text'.", e);
        }
    }
}
