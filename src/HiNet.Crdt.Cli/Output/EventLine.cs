using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Output;

/// <summary>An event as people read it.</summary>
internal static class EventLine
{
    /// <param name="happened">Which.</param>
    /// <param name="where">The conversation's name, or null to leave it out.</param>
    public static string Markup(EventInfo happened, string? where)
    {
        var place = where is null ? string.Empty : $" {People.Dim($"[{where}]")}";
        return $"{People.Dim(People.Time(happened.Time))}{place} {What(happened)}";
    }

    /// <summary>What happened, without time and place.</summary>
    public static string What(EventInfo e)
    {
        var author = e.Author is null ? string.Empty : People.Name(e.Author, e.AuthorName ?? string.Empty);
        var by = e.By is null ? string.Empty : People.Name(e.By, e.ByName ?? string.Empty);
        var member = e.Member is null ? string.Empty : People.Name(e.Member, e.MemberName ?? string.Empty);
        var message = e.Message is null ? string.Empty : People.Dim(People.Short(e.Message));
        return e.Event switch
        {
            "message-added" => $"{People.Dim(People.Short(e.Id!))} {author}: {Text(e)}",
            "message-edited" => $"{author} changed {message} to: {Text(e)}",
            "message-deleted" => $"{author} deleted {message}",
            "reaction-added" => $"{author} reacted {People.Text(e.Emoji!)} to {message}",
            "reaction-removed" => $"{author} took {People.Text(e.Emoji!)} back from {message}",
            "messages-delivered" => $"{by} received what there was",
            "messages-read" => $"{by} read up to {People.Dim(People.Short(e.UpTo!))}",
            "member-added" => e.Member == e.By ? $"{member} joined" : $"{by} added {member}",
            "member-left" => $"{member} left",
            "group-created" => $"{by} began the group {People.Text(e.Name ?? string.Empty)} with {string.Join(", ", (e.Members ?? []).Select(m => People.Name(m.Identity, m.Name)))}",
            "role-changed" => $"{by} made {member} {e.Role}",
            "device-added" => $"{member} writes from device {People.Dim(People.Short(e.Device!))}",
            "equivocation-detected" =>
                $"[red]device {People.Short(e.Device!)} of {author} wrote two histories; a copy of its keys may be in use[/]",
            "group-invitation-received" => $"{by} invites you to the group {People.Text(e.Name ?? string.Empty)}",
            "group-invited" => $"{by} invites you to the group {People.Text(e.Name ?? string.Empty)}: 'hinet group accept {People.Short(e.Group!)}' joins it",
            "unsupported-entry-added" => $"{author} wrote something that needs a newer version",
            "peer-connected" => $"linked to node {People.Dim(People.Short(e.Node!))}",
            "peer-disconnected" => $"link to node {People.Dim(People.Short(e.Node!))} ended: {People.Text(e.Detail ?? string.Empty)}",
            "contact-met" => $"{member} has answered the invite",
            "invite-lapsed" => $"the invite from {member} {Lapsed(e.Detail)}: ask for a new one",
            "contact-added" => $"{member} is a contact now",
            "conversation-added" => $"conversation {People.Text(e.Name ?? string.Empty)} {People.Dim(People.Short(e.Conversation!))} appeared",
            _ => $"{People.Text(e.Event)} {People.Text(e.Detail ?? string.Empty)}",
        };
    }

    /// <summary>Why an invite that was accepted brings nothing, by the contact's status.</summary>
    public static string Lapsed(string? status) => status == "invite-used" ? "was used by someone else" : "ran out before the nodes met";

    private static string Text(EventInfo e) => e.Deleted == true
        ? "[grey italic]deleted[/]"
        : Spectre.Console.Markup.Escape(TerminalText.CleanLines(e.Text ?? string.Empty));
}
