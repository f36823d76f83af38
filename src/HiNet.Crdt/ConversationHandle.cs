using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Events;

namespace HiNet.Crdt;

/// <summary>A conversation on a running node: commands go to the driver, reads to the store, and neither waits for the other.</summary>
internal sealed partial class ConversationHandle(
    ConversationId id, ConversationKind kind, NodeDriver driver, NodeReaders readers, ConversationEventHub events) : IConversation
{
    public ConversationId Id => id;

    public ConversationKind Kind => kind;

    public override string ToString() => id.ToString();

    private Task<SentMessage> SubmitAsync(NodeCommand command, CancellationToken cancellationToken) =>
        driver.SubmitAsync(command, ReadWritten, cancellationToken);

    private static Task<SentMessage> RefuseAsync(string problem) =>
        Task.FromException<SentMessage>(new InvalidTextException(problem));

    private static SentMessage ReadWritten(NodeResult result)
    {
        var written = (NodeResult.Written)result;
        return new SentMessage(written.Entry, written.State);
    }
}
