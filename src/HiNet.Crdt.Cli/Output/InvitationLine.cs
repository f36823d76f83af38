using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Output;

/// <summary>An invitation to a group as people read it.</summary>
internal static class InvitationLine
{
    public static string Markup(InvitationInfo invitation)
    {
        var people = invitation.Members > 0 ? " " + People.Dim($"({invitation.Members} people)") : string.Empty;
        return $"{People.Dim(People.Short(invitation.Conversation))} [bold]{People.Text(invitation.Name)}[/]{people}"
            + $" from {People.Name(invitation.From, invitation.FromName)}";
    }
}
