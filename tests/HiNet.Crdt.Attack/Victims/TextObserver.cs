namespace HiNet.Crdt.Attack.Victims;

/// <summary>Hands on the texts that others say in a conversation.</summary>
internal sealed class TextObserver(IdentityId self, Action<string> said) : IObserver<ConversationEvent>
{
    public void OnNext(ConversationEvent value)
    {
        if (value is MessageAdded added && added.Author.Id != self)
        {
            said(added.Text);
        }
    }

    public void OnError(Exception error) => throw new InvalidOperationException("A conversation's events ended in an error.", error);

    public void OnCompleted()
    {
    }
}
