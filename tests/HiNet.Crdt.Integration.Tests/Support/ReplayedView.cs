namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>A view that is made of events alone. Replaying all of them from the start gives the page.</summary>
internal sealed class ReplayedView : IObserver<ConversationEvent>
{
    private readonly Lock _gate = new();
    private readonly List<Message> _messages = [];

    internal static async Task CheckAsync(IConversation conversation)
    {
        var view = new ReplayedView();
        using var subscription = conversation.EventsFrom(EventCursor.Start).Subscribe(view);
        var page = Meant.Lines(conversation.ReadAll());
        await Until.IsTrueAsync(() => view.Lines().SequenceEqual(page), TimeSpan.FromSeconds(10));
        view.Lines().ShouldBe(page);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void OnNext(ConversationEvent value)
    {
        lock (_gate)
        {
            switch (value)
            {
                case MessageAdded added:
                    _messages.Add(added.Message);
                    break;
                case MessageEdited edited:
                    Change(edited.Message, message => message with { Text = edited.Text, IsEdited = true });
                    break;
                case MessageDeleted deleted:
                    Change(deleted.Message, message => message with { Text = null, IsDeleted = true });
                    break;
                case ReactionAdded added:
                    Change(added.Message, message => message with { Reactions = [.. Without(message, added.Emoji), new Reaction(added.Emoji, [added.Author])] });
                    break;
                case ReactionRemoved removed:
                    Change(removed.Message, message => message with { Reactions = Without(message, removed.Emoji) });
                    break;
            }
        }
    }

    private static List<Reaction> Without(Message message, string emoji) => [.. message.Reactions.Where(reaction => reaction.Emoji != emoji)];

    private IReadOnlyList<string> Lines()
    {
        lock (_gate)
        {
            return Meant.Lines(_messages);
        }
    }

    private void Change(EntryId id, Func<Message, Message> change)
    {
        var at = _messages.FindIndex(message => message.Id == id);
        _messages[at] = change(_messages[at]);
    }
}
