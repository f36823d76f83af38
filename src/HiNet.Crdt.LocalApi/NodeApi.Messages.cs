using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

public sealed partial class NodeApi
{
    /// <summary>How many messages of a bulk send may be on their way to the disk at a time.</summary>
    public const int MessagesInFlight = 256;

    /// <summary>The longest message, in bytes of UTF-8.</summary>
    public const int LongestText = 65_536;

    /// <inheritdoc/>
    public async Task<SentInfo> SendAsync(string conversation, string text, CancellationToken cancellationToken = default) =>
        (await References.Conversation(_node, conversation).SendAsync(text, cancellationToken).ConfigureAwait(false)).ToInfo();

    /// <inheritdoc/>
    public async IAsyncEnumerable<SentInfo> SendManyAsync(
        string conversation,
        IAsyncEnumerable<string> texts,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var target = References.Conversation(_node, conversation);
        var inFlight = new Queue<Task<SentMessage>>();
        ExceptionDispatchInfo? refused = null;
        var ended = false;
        var source = new LookAhead<string>(texts, cancellationToken);
        await using var _ = source.ConfigureAwait(false);
        Task<bool>? next = null;
        while (!ended || inFlight.Count > 0)
        {
            if (!ended && inFlight.Count < MessagesInFlight)
            {
                next ??= source.NextAsync();
            }

            // A result is handed on as soon as it is there, also while the next text is still being typed.
            if (inFlight.Count > 0 && next is not { IsCompleted: true })
            {
                await Task.WhenAny((Task?)next ?? inFlight.Peek(), inFlight.Peek()).ConfigureAwait(false);
                if (inFlight.Peek().IsCompleted)
                {
                    yield return (await inFlight.Dequeue().ConfigureAwait(false)).ToInfo();
                    continue;
                }
            }

            if (next is null || !await ThereIsAsync(next).ConfigureAwait(false))
            {
                ended = true;
                refused = next?.Exception is { } failed ? ExceptionDispatchInfo.Capture(failed.InnerException!) : null;
                next = null;
                continue;
            }

            // Checked here and not left to the node, so that no text behind a bad one is on its way already.
            next = null;
            refused = Check(source.Current) is { } unfit ? ExceptionDispatchInfo.Capture(unfit) : null;
            ended = refused is not null;
            if (!ended)
            {
                inFlight.Enqueue(target.SendAsync(source.Current, cancellationToken));
            }
        }

        // Only now, so that the results of what went before are not lost with it.
        refused?.Throw();
    }

    /// <inheritdoc/>
    public async Task<SentInfo> ReplyAsync(string conversation, string message, string text, CancellationToken cancellationToken = default)
    {
        var target = References.Conversation(_node, conversation);
        return (await target.ReplyAsync(References.Message(target, message), text, cancellationToken).ConfigureAwait(false)).ToInfo();
    }

    /// <inheritdoc/>
    public async Task<SentInfo> EditAsync(string conversation, string message, string text, CancellationToken cancellationToken = default)
    {
        var target = References.Conversation(_node, conversation);
        return (await target.EditAsync(References.Message(target, message), text, cancellationToken).ConfigureAwait(false)).ToInfo();
    }

    /// <inheritdoc/>
    public async Task<SentInfo> DeleteAsync(string conversation, string message, CancellationToken cancellationToken = default)
    {
        var target = References.Conversation(_node, conversation);
        return (await target.DeleteAsync(References.Message(target, message), cancellationToken).ConfigureAwait(false)).ToInfo();
    }

    /// <inheritdoc/>
    public async Task<SentInfo> ReactAsync(string conversation, string message, string emoji, bool remove = false, CancellationToken cancellationToken = default)
    {
        var target = References.Conversation(_node, conversation);
        return (await target.ReactAsync(References.Message(target, message), emoji, remove, cancellationToken).ConfigureAwait(false)).ToInfo();
    }

    /// <inheritdoc/>
    public async Task<SentInfo> MarkReadAsync(string conversation, string message, CancellationToken cancellationToken = default)
    {
        var target = References.Conversation(_node, conversation);
        return (await target.MarkReadAsync(References.Message(target, message), cancellationToken).ConfigureAwait(false)).ToInfo();
    }

    /// <summary>Whether there is another text; a source that failed has none.</summary>
    private static async Task<bool> ThereIsAsync(Task<bool> next)
    {
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return next.IsCompletedSuccessfully && next.Result;
    }

    private static LocalApiException? Check(string text)
    {
        if (text.Length == 0)
        {
            return new LocalApiException(422, "A message needs some text.");
        }

        return text.Length > LongestText || Encoding.UTF8.GetByteCount(text) > LongestText
            ? new LocalApiException(422, $"A message may have {LongestText:N0} bytes of text at most; split this one.")
            : null;
    }
}
