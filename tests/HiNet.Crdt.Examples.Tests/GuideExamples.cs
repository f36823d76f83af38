using System.Reactive.Linq;
using HiNet.Crdt;

namespace Examples;

/// <summary>The examples of the guide to embedding, line by line.</summary>
internal static class GuideExamples
{
    internal static async Task<IConversation> MeetAsync(INode alice, INode bob, CancellationToken cancellationToken)
    {
        var invite = await alice.CreateInviteAsync(cancellationToken: cancellationToken);   // valid for 30 days, for one person
        var contact = await bob.AddContactAsync(invite, "Alice", cancellationToken);         // works offline; both are contacts once linked
        var direct = await bob.OpenDirectAsync(contact.Id, cancellationToken);               // the same conversation, whoever opens it
        return direct;
    }

    internal static async Task JoinAsync(INode bob, CancellationToken cancellationToken)
    {
        foreach (var invitation in bob.Invitations)
        {
            Console.WriteLine($"{invitation.By.Name} invites you to {invitation.Name}, {invitation.Members} people");
            var group = await bob.AcceptInvitationAsync(invitation.Group, cancellationToken);   // or DeclineInvitationAsync
        }
    }

    internal static async Task LinkAsync(HiNetNode node, Stream stream, CancellationToken cancellationToken)
    {
        await node.AttachAsync(stream, isInitiator: true, cancellationToken);   // ends with the link
    }

    internal static EventCursor Follow(IConversation team, EventCursor lastCursor, Action<ConversationEvent> handle, Task until)
    {
        void Handle(ConversationEvent happened) => handle(happened);
        using var subscription = team.EventsFrom(lastCursor).Subscribe(happened =>
        {
            Handle(happened);
            lastCursor = happened.Cursor;       // keep it with what Handle did
        });
        until.Wait();
        return lastCursor;
    }
}
