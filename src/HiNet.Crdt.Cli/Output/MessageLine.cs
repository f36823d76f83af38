using System.Text;
using HiNet.Crdt.LocalApi.Contract;
using Spectre.Console;

namespace HiNet.Crdt.Cli.Output;

/// <summary>A message as people read it.</summary>
internal static class MessageLine
{
    private const int QuoteLength = 40;

    /// <param name="message">Which.</param>
    /// <param name="quoted">The message it answers, where known.</param>
    /// <param name="withState">Whether to say how far it has come.</param>
    public static string Markup(MessageInfo message, MessageInfo? quoted = null, bool withState = false)
    {
        var line = new StringBuilder();
        line.Append(People.Dim($"{People.Time(message.Time)} {People.Short(message.Id)}")).Append(' ');
        line.Append(People.Name(message.Author, message.AuthorName)).Append(": ");
        if (message.ReplyTo is not null)
        {
            line.Append(Quote(message.ReplyTo, quoted)).Append(' ');
        }

        line.Append(Body(message));
        if (message.Edited && !message.Deleted)
        {
            line.Append(' ').Append(People.Dim("(edited)"));
        }

        foreach (var reaction in message.Reactions)
        {
            line.Append(' ').Append(People.Text(reaction.Emoji)).Append(' ')
                .Append(People.Dim(string.Join(", ", reaction.By.Select(p => p.Name))));
        }

        if (withState)
        {
            line.Append(' ').Append(People.Dim($"[{State(message)}]"));
        }

        return line.ToString();
    }

    private static string Body(MessageInfo message)
    {
        if (message.Deleted)
        {
            return "[grey italic]deleted[/]";
        }

        if (message.Text is null)
        {
            return message.Unsupported ? "[grey italic]needs a newer version to be shown[/]" : "[grey italic]not readable here yet[/]";
        }

        // Further lines are set in wherever it is shown (HangingText), so that nobody can write a line that looks like another message.
        return Spectre.Console.Markup.Escape(TerminalText.CleanLines(message.Text));
    }

    private static string Quote(string id, MessageInfo? quoted)
    {
        if (quoted is null)
        {
            return People.Dim($"(to {People.Short(id)})");
        }

        var text = quoted.Deleted ? "deleted" : TerminalText.Clean(quoted.Text ?? string.Empty);
        return People.Dim($"(to {quoted.AuthorName}: {(text.Length > QuoteLength ? text[..QuoteLength] + "…" : text)})");
    }

    private static string State(MessageInfo message)
    {
        if (message.State != "stored" || message.Receipts.Count < 2)
        {
            return message.State;
        }

        var at = message.Receipts.Count(r => r.Delivered);
        return at == 0 ? "stored" : $"stored at {at} of {message.Receipts.Count}";
    }
}
