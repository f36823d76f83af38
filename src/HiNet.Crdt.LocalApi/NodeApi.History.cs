using System.Runtime.CompilerServices;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

public sealed partial class NodeApi
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<MessageInfo> GetHistoryAsync(
        string conversation,
        int? limit = null,
        string? before = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (limit < 1)
        {
            throw new LocalApiException(400, "The limit must be 1 or more.");
        }

        var target = References.Conversation(_node, conversation);
        EntryId? end = before is null ? null : References.Message(target, before);
        await Task.Yield();
        foreach (var message in new HistoryReader(target.ReadPage).Read(limit ?? int.MaxValue, end))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return message.ToInfo();
        }
    }
}
