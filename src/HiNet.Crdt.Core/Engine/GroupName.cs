using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

/// <summary>What a group is called before its genesis has come.</summary>
internal static class GroupName
{
    public static string In(GroupInvitationBody invitation) =>
        PersonName.Clean(invitation.Name, Limits.GroupNameBytes) is { Length: > 0 } clean ? clean : "group";
}
