using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt;

internal sealed partial class ConversationHandle
{
    public Task<SentMessage> SendAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TextRules.ProblemOfText(text) is { } problem
            ? RefuseAsync(problem)
            : SubmitAsync(new NodeCommand.SendText(id, text, null), cancellationToken);
    }

    public Task<SentMessage> ReplyAsync(EntryId message, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TextRules.ProblemOfText(text) is { } problem
            ? RefuseAsync(problem)
            : SubmitAsync(new NodeCommand.SendText(id, text, message), cancellationToken);
    }

    public Task<SentMessage> EditAsync(EntryId message, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TextRules.ProblemOfText(text) is { } problem
            ? RefuseAsync(problem)
            : SubmitAsync(new NodeCommand.Edit(id, message, text), cancellationToken);
    }

    public Task<SentMessage> DeleteAsync(EntryId message, CancellationToken cancellationToken = default) =>
        SubmitAsync(new NodeCommand.Delete(id, message), cancellationToken);

    public Task<SentMessage> ReactAsync(EntryId message, string emoji, bool remove = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(emoji);
        return TextRules.ProblemOfEmoji(emoji) is { } problem
            ? RefuseAsync(problem)
            : SubmitAsync(new NodeCommand.React(id, message, emoji, remove), cancellationToken);
    }

    public Task<SentMessage> MarkReadAsync(EntryId message, CancellationToken cancellationToken = default) =>
        SubmitAsync(new NodeCommand.MarkRead(id, message), cancellationToken);
}
