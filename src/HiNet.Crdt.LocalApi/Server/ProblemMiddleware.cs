using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>Turns every exception into one sentence and a status.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILoggerFactory loggerFactory)
{
    private readonly ILogger _log = loggerFactory.CreateLogger("HiNet.Crdt.LocalApi");

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (status, sentence) = Describe(e);
            if (status == 500)
            {
                Failed(_log, context.Request.Path, e);
            }

            await Answers.ProblemAsync(context, status, sentence).ConfigureAwait(false);
        }
    }

    private static (int Status, string Sentence) Describe(Exception e) => e switch
    {
        LocalApiException refused => (refused.Status, refused.Message),
        HiNetException refused => (422, refused.Message),
        BadHttpRequestException bad => (bad.StatusCode, bad.StatusCode == 413
            ? $"A request may have {LocalApiServer.LargestBody:N0} bytes at most."
            : bad.Message),
        ArgumentException bad => (400, bad.Message),
        ObjectDisposedException => (503, "The node is stopping; start it again with 'hinet run'."),
        OperationCanceledException => (503, "The node is stopping; start it again with 'hinet run'."),
        _ => (500, $"The node failed on this request: {e.Message}"),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {Path} failed")]
    private static partial void Failed(ILogger logger, string path, Exception exception);
}
