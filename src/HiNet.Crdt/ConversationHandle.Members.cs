using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt;

internal sealed partial class ConversationHandle
{
    public IReadOnlyList<Member> Members => readers.Read(id, static (reader, conversation) => reader.MembersOf(conversation));

    public Task<SentMessage> AddMemberAsync(IdentityId member, CancellationToken cancellationToken = default) =>
        SubmitAsync(new NodeCommand.AddMember(id, member), cancellationToken);

    public Task<SentMessage> LeaveAsync(CancellationToken cancellationToken = default) =>
        SubmitAsync(new NodeCommand.Leave(id), cancellationToken);
}
