namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>
/// What one person does on one node, as a function of a seed: both the process that does it and the test that judges it draw
/// it anew. A step is only about messages that are acknowledged when it is taken, so that it can be taken while others are under way.
/// </summary>
internal sealed class Script
{
    internal const int Length = 90;

    private const int MostConversations = 4;
    private static readonly string[] s_emoji = ["👍", "❤️", "+1"];

    private readonly List<ScriptStep> _steps = [];

    internal Script(int seed)
    {
        var random = new Random(seed);
        InFlight = random.Next(3) == 0 ? 1 : random.Next(2, 12);
        var meant = new Meant();

        // The step at which each message was sent, by conversation.
        List<List<int>> sentAt = [];
        for (var i = 0; i < Length; i++)
        {
            var step = Draw(random, meant, sentAt, i);
            if (step.Action == ScriptAction.Open)
            {
                sentAt.Add([]);
            }
            else if (step.Action is ScriptAction.Send or ScriptAction.Reply)
            {
                sentAt[step.Conversation].Add(i);
            }

            meant.Take(step);
            _steps.Add(step);
        }
    }

    /// <summary>Steps that are under way at once.</summary>
    internal int InFlight { get; }

    internal IReadOnlyList<ScriptStep> Steps => _steps;

    /// <summary>What is meant after so many steps.</summary>
    internal Meant After(int steps)
    {
        var meant = new Meant();
        foreach (var step in _steps.Take(steps))
        {
            meant.Take(step);
        }

        return meant;
    }

    private ScriptStep Draw(Random random, Meant meant, List<List<int>> sentAt, int number)
    {
        var conversations = sentAt.Count;
        if (conversations == 0 || (conversations < MostConversations && random.Next(25) == 0))
        {
            return new ScriptStep(ScriptAction.Open, conversations, 0, string.Empty);
        }

        var conversation = random.Next(conversations);
        var text = $"{number}:{new string((char)('a' + (number % 26)), random.Next(10) == 0 ? random.Next(20_000) : random.Next(300))}";
        var targets = Enumerable.Range(0, sentAt[conversation].Count)
            .Where(message => sentAt[conversation][message] <= number - InFlight && !meant.IsDeleted(conversation, message))
            .ToList();
        var action = random.Next(20);
        if (targets.Count == 0 || action < 9)
        {
            return new ScriptStep(ScriptAction.Send, conversation, 0, text);
        }

        var target = targets[random.Next(targets.Count)];
        var emoji = s_emoji[random.Next(s_emoji.Length)];
        return action switch
        {
            < 11 => new ScriptStep(ScriptAction.Reply, conversation, target, text),
            < 14 => new ScriptStep(ScriptAction.Edit, conversation, target, text),
            < 16 => new ScriptStep(ScriptAction.Delete, conversation, target, string.Empty),
            _ => new ScriptStep(meant.HasReaction(conversation, target, emoji) ? ScriptAction.TakeReactionBack : ScriptAction.React, conversation, target, emoji),
        };
    }
}
