using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Chat;

/// <summary>One person sitting in one conversation.</summary>
internal sealed class ChatSession(INodeApi api, ConversationInfo conversation, IChatScreen screen)
{
    private const int Shown = 30;
    private const string Last = "last";

    private readonly Dictionary<string, MessageInfo> _known = new(StringComparer.Ordinal);
    private readonly LastMessages _last = new();
    private string _self = string.Empty;
    private MessageInfo? _shown;

    private string Id => conversation.Conversation;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _self = (await api.GetNodeAsync(cancellationToken).ConfigureAwait(false)).Identity;

        // Opened before the history is read, so that nothing falls between the two.
        var feed = await api.WatchAsync(Id, "now", cancellationToken).ConfigureAwait(false);
        await using var _ = feed.ConfigureAwait(false);
        screen.Show($"[bold]{People.Text(conversation.Name)}[/] {People.Dim($"{conversation.Kind}, {conversation.Members.Count} members; /help lists commands")}");
        await foreach (var message in api.GetHistoryAsync(Id, Shown, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            Show(message);
        }

        await MarkReadAsync(cancellationToken).ConfigureAwait(false);
        await ListInvitationsAsync(null, cancellationToken).ConfigureAwait(false);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = FollowAsync(feed, left.Token);
        var typing = TypeAsync(left.Token);
        await Task.WhenAny(following, typing).ConfigureAwait(false);
        await left.CancelAsync().ConfigureAwait(false);
        if (typing.IsCompletedSuccessfully)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        await (typing.IsCompleted ? typing : following).ConfigureAwait(false);
        throw new HiNetException("The node has stopped; start it again with 'hinet run'.");
    }

    private async Task FollowAsync(IEventFeed feed, CancellationToken cancellationToken)
    {
        await foreach (var happened in feed.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (happened.Event)
            {
                case "message-added" when _known.ContainsKey(happened.Id!):
                case "messages-delivered":
                case "messages-read":
                case "device-added":
                    break;
                case "message-added":
                    Show(ToMessage(happened));
                    if (happened.Author != _self)
                    {
                        await MarkReadAsync(cancellationToken).ConfigureAwait(false);
                    }

                    break;
                default:
                    screen.Show($"[grey]*[/] {EventLine.What(happened)}");
                    break;
            }
        }
    }

    private async Task TypeAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in screen.ReadLinesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var command = ChatCommand.Parse(line);
            if (command is ChatCommand.Quit)
            {
                return;
            }

            try
            {
                await RunAsync(command, cancellationToken).ConfigureAwait(false);
            }
            catch (LocalApiException e) when (e.Status == 503)
            {
                throw;
            }
            catch (HiNetException e)
            {
                screen.Show($"[red]{People.Text(e.Message)}[/]");
            }
        }
    }

    private async Task RunAsync(ChatCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case ChatCommand.Say say:
                Sent(await api.SendAsync(Id, say.Text, cancellationToken).ConfigureAwait(false));
                break;
            case ChatCommand.Reply reply:
                Sent(await api.ReplyAsync(Id, Named(reply.Message, _last.Any), reply.Text, cancellationToken).ConfigureAwait(false));
                break;
            case ChatCommand.Edit edit:
                await api.EditAsync(Id, Named(edit.Message, _last.Own), edit.Text, cancellationToken).ConfigureAwait(false);
                break;
            case ChatCommand.Delete delete:
                await api.DeleteAsync(Id, Named(delete.Message, _last.Own), cancellationToken).ConfigureAwait(false);
                break;
            case ChatCommand.React react:
                await api.ReactAsync(Id, Named(react.Message, _last.Any), react.Emoji, cancellationToken: cancellationToken).ConfigureAwait(false);
                break;
            case ChatCommand.Who:
                foreach (var member in await api.GetMembersAsync(Id, cancellationToken).ConfigureAwait(false))
                {
                    screen.Show($"  {People.Name(member.Identity, member.Name)} {People.Dim(member.Role)}");
                }

                break;
            case ChatCommand.Invitations:
                await ListInvitationsAsync("  no invitation to a group waits", cancellationToken).ConfigureAwait(false);
                break;
            case ChatCommand.Accept accept:
                var joined = await api.AcceptInvitationAsync(accept.Group, cancellationToken).ConfigureAwait(false);
                screen.Show($"[grey]*[/] joined: {People.Dim($"'hinet chat {People.Short(joined.Conversation)}' opens it")}");
                break;
            case ChatCommand.Decline decline:
                await api.DeclineInvitationAsync(decline.Group, cancellationToken).ConfigureAwait(false);
                screen.Show("[grey]*[/] declined; nobody is told");
                break;
            case ChatCommand.Help:
                screen.Show(
                    "  [bold]/who[/]  who is here\n  [bold]/reply[/] ID TEXT\n  [bold]/edit[/] ID TEXT\n  [bold]/delete[/] ID\n"
                    + "  [bold]/react[/] ID EMOJI\n  [bold]/invitations[/]  to groups\n  [bold]/accept[/] GROUP\n  [bold]/decline[/] GROUP\n"
                    + "  [bold]/quit[/]\n  "
                    + People.Dim("ID is what stands before a name, or 'last'. Begin with // for a message that begins with a slash."));
                break;
            case ChatCommand.Wrong wrong:
                screen.Show($"[yellow]{People.Text(wrong.Sentence)}[/]");
                break;
        }
    }

    private async Task ListInvitationsAsync(string? ifNone, CancellationToken cancellationToken)
    {
        var waiting = await api.GetInvitationsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var invitation in waiting)
        {
            screen.Show($"[grey]*[/] you are invited: {InvitationLine.Markup(invitation)}; {People.Dim($"/accept {People.Short(invitation.Conversation)} joins it")}");
        }

        if (waiting.Count == 0 && ifNone is not null)
        {
            screen.Show(People.Dim(ifNone));
        }
    }

    private static string Named(string message, string? last) => message == Last && last is not null ? last : message;

    // Noted before its event comes back, so that 'last' on the next line means it.
    private void Sent(SentInfo sent) => _last.Count(sent.Id, isOwn: true);

    private void Show(MessageInfo message)
    {
        _known[message.Id] = message;
        _shown = message;
        _last.Count(message.Id, message.Author == _self);
        screen.Show(MessageLine.Markup(message, message.ReplyTo is null ? null : _known.GetValueOrDefault(message.ReplyTo)));
    }

    private async Task MarkReadAsync(CancellationToken cancellationToken)
    {
        if (_shown is not { } shown || shown.Author == _self)
        {
            return;
        }

        try
        {
            await api.MarkReadAsync(Id, shown.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (LocalApiException e) when (e.Status != 503)
        {
            // Reading goes on when one may not write here (any more).
        }
    }

    private static MessageInfo ToMessage(EventInfo happened) => new()
    {
        Id = happened.Id!,
        Author = happened.Author!,
        AuthorName = happened.AuthorName ?? string.Empty,
        Device = happened.Device ?? string.Empty,
        Time = happened.Time,
        Text = happened.Text,
        ReplyTo = happened.ReplyTo,
        Edited = happened.Edited == true,
        Deleted = happened.Deleted == true,
        Late = happened.Late == true,
        State = happened.State ?? "stored",
    };
}
