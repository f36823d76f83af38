namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>What a person meant by the steps that were taken: plain lists, and nothing of how the engine keeps them.</summary>
internal sealed class Meant
{
    private readonly List<List<MeantMessage>> _conversations = [];

    internal int Conversations => _conversations.Count;

    internal void Take(ScriptStep step)
    {
        if (step.Action == ScriptAction.Open)
        {
            _conversations.Add([]);
            return;
        }

        var messages = _conversations[step.Conversation];
        switch (step.Action)
        {
            case ScriptAction.Send:
                messages.Add(new MeantMessage { Text = step.Text });
                break;
            case ScriptAction.Reply:
                messages.Add(new MeantMessage { Text = step.Text, ReplyTo = step.Message });
                break;
            case ScriptAction.Edit:
                messages[step.Message].Text = step.Text;
                messages[step.Message].IsEdited = true;
                break;
            case ScriptAction.Delete:
                messages[step.Message].IsDeleted = true;
                break;
            case ScriptAction.React:
                messages[step.Message].Reactions.Add(step.Text);
                break;
            case ScriptAction.TakeReactionBack:
                messages[step.Message].Reactions.Remove(step.Text);
                break;
        }
    }

    internal bool IsDeleted(int conversation, int message) => _conversations[conversation][message].IsDeleted;

    internal bool HasReaction(int conversation, int message, string emoji) => _conversations[conversation][message].Reactions.Contains(emoji);

    /// <summary>A line for each message, in order: what a person sees of it.</summary>
    internal IReadOnlyList<string> Lines(int conversation) =>
        [.. _conversations[conversation].Select((message, number) => message.Line(number))];

    /// <summary>The same of messages as a node shows them.</summary>
    internal static IReadOnlyList<string> Lines(IReadOnlyList<Message> shown)
    {
        var numbers = shown.Select((message, number) => (message.Id, number)).ToDictionary(pair => pair.Id, pair => pair.number);
        return [.. shown.Select((message, number) => new MeantMessage
        {
            Text = message.Text,
            IsDeleted = message.IsDeleted,
            IsEdited = message.IsEdited,
            ReplyTo = message.ReplyTo is { } target ? numbers[target] : null,
            Reactions = [.. message.Reactions.Where(reaction => reaction.By.Count > 0).Select(reaction => reaction.Emoji)],
        }.Line(number))];
    }

    private sealed class MeantMessage
    {
        public string? Text { get; set; }

        public bool IsEdited { get; set; }

        public bool IsDeleted { get; set; }

        public int? ReplyTo { get; init; }

        public SortedSet<string> Reactions { get; init; } = new(StringComparer.Ordinal);

        public string Line(int number) => IsDeleted
            ? $"{number} is deleted"
            : $"{number} {(IsEdited ? "edited " : string.Empty)}{(ReplyTo is { } target ? $"to {target} " : string.Empty)}[{string.Join(' ', Reactions)}] {Text}";
    }
}
