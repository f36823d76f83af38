namespace HiNet.Crdt.Cli.Chat;

/// <summary>What a typed line asks for. Closed: only the records in this file.</summary>
internal abstract record ChatCommand
{
    private ChatCommand()
    {
    }

    public sealed record Say(string Text) : ChatCommand;

    public sealed record Help : ChatCommand;

    public sealed record Who : ChatCommand;

    public sealed record Invitations : ChatCommand;

    public sealed record Accept(string Group) : ChatCommand;

    public sealed record Decline(string Group) : ChatCommand;

    public sealed record Quit : ChatCommand;

    public sealed record Reply(string Message, string Text) : ChatCommand;

    public sealed record Edit(string Message, string Text) : ChatCommand;

    public sealed record Delete(string Message) : ChatCommand;

    public sealed record React(string Message, string Emoji) : ChatCommand;

    /// <summary>With a sentence that says how it goes.</summary>
    public sealed record Wrong(string Sentence) : ChatCommand;

    /// <summary>Reads a line. Two slashes begin a message that begins with one.</summary>
    public static ChatCommand Parse(string line)
    {
        if (!line.StartsWith('/'))
        {
            return new Say(line);
        }

        if (line.StartsWith("//", StringComparison.Ordinal))
        {
            return new Say(line[1..]);
        }

        var words = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        return (words[0].ToLowerInvariant(), words.Length) switch
        {
            ("/help", _) => new Help(),
            ("/who", _) => new Who(),
            ("/invitations", _) => new Invitations(),
            ("/accept", > 1) => new Accept(string.Join(' ', words[1..])),
            ("/accept", _) => new Wrong("/accept GROUP"),
            ("/decline", > 1) => new Decline(string.Join(' ', words[1..])),
            ("/decline", _) => new Wrong("/decline GROUP"),
            ("/quit", _) => new Quit(),
            ("/reply", 3) => new Reply(words[1], words[2]),
            ("/reply", _) => new Wrong("/reply ID TEXT"),
            ("/edit", 3) => new Edit(words[1], words[2]),
            ("/edit", _) => new Wrong("/edit ID TEXT"),
            ("/delete", 2) => new Delete(words[1]),
            ("/delete", _) => new Wrong("/delete ID"),
            ("/react", 3) => new React(words[1], words[2].Trim()),
            ("/react", _) => new Wrong("/react ID EMOJI"),
            _ => new Wrong($"{words[0]} is not a command; /help lists them"),
        };
    }
}
