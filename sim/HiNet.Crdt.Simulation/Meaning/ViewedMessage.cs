namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>A message as events have told of it so far.</summary>
internal sealed class ViewedMessage
{
    public ViewedMessage(Message told)
    {
        Text = told.Text;
        IsDeleted = told.IsDeleted;
        Reactions = [.. told.Reactions.SelectMany(reaction => reaction.By.Select(person => (reaction.Emoji, person.Id)))];
    }

    public string? Text { get; private set; }

    public bool IsDeleted { get; private set; }

    public HashSet<(string Emoji, IdentityId By)> Reactions { get; }

    public void Edit(string text) => Text = IsDeleted ? null : text;

    /// <summary>Whoever has not heard of the deletion may still react; nothing is shown of it.</summary>
    public void React(string emoji, IdentityId by)
    {
        if (!IsDeleted)
        {
            Reactions.Add((emoji, by));
        }
    }

    public void Delete()
    {
        (Text, IsDeleted) = (null, true);
        Reactions.Clear();
    }
}
