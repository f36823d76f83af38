using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Reading;

public sealed partial class NodeReader
{
    /// <summary>Invitations to groups that wait for a decision, the oldest first.</summary>
    public IReadOnlyList<GroupInvitation> Invitations()
    {
        var found = new List<GroupInvitation>();
        var prefix = "i"u8.ToArray();
        using var iterator = _store.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var (group, by) = (new ConversationId(iterator.Key[1..33]), new IdentityId(iterator.Key[33..]));
            if (Read(group, by, EntryPlace.Decode(iterator.Value).Arrival) is { } invitation)
            {
                found.Add(invitation);
            }
        }

        return [.. found.OrderBy(invitation => invitation.Time).ThenBy(invitation => invitation.Group).ThenBy(invitation => invitation.By.Id)];
    }

    private GroupInvitation? Read(ConversationId group, IdentityId by, ulong arrival)
    {
        if (Describe(ConversationIds.Direct(_cryptography, _secrets.Identity, by)) is not { } direct)
        {
            return null;
        }

        var view = Open(direct);
        return view.Read(arrival) is { } entry && Parse(GroupInvitationBody.Parser, view.OpenBody(entry)) is { } body
            ? new GroupInvitation(
                group, GroupName.In(body), view.PersonOf(by), (int)Math.Min(body.Members, Limits.GroupMembers), entry.Header.Hlc.ToDateTime())
            : null;
    }
}
