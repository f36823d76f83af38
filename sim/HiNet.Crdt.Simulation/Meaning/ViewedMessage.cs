namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>A message as events have told of it so far.</summary>
internal sealed class ViewedMessage
{
    private readonly Dictionary<(string Emoji, IdentityId By), DateTimeOffset> _reactedAt = [];
    private DateTimeOffset _editedAt;

    public ViewedMessage(Message told)
    {
        Text = told.Text;
        IsDeleted = told.IsDeleted;
        Reactions = [.. told.Reactions.SelectMany(reaction => reaction.By.Select(person => (reaction.Emoji, person.Id)))];
    }

    public string? Text { get; private set; }

    public bool IsDeleted { get; private set; }

    public HashSet<(string Emoji, IdentityId By)> Reactions { get; }

    /// <summary>What became readable late is told behind what was said after it: the later word counts.</summary>
    public void Edit(string text, DateTimeOffset time)
    {
        if (!IsDeleted && time >= _editedAt)
        {
            (Text, _editedAt) = (text, time);
        }
    }

    /// <summary>Whoever has not heard of the deletion may still react; nothing is shown of it.</summary>
    public void React((string Emoji, IdentityId By) reaction, DateTimeOffset time, bool isThere)
    {
        if (IsDeleted || time < _reactedAt.GetValueOrDefault(reaction))
        {
            return;
        }

        _reactedAt[reaction] = time;
        if (isThere)
        {
            Reactions.Add(reaction);
        }
        else
        {
            Reactions.Remove(reaction);
        }
    }

    public void Delete()
    {
        (Text, IsDeleted) = (null, true);
        Reactions.Clear();
    }
}
