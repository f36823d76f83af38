using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.Cli.Verbs;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;
using Spectre.Console;

namespace HiNet.Crdt.Cli.Chat;

/// <summary><c>chat</c>: a conversation to sit in.</summary>
internal static class ChatVerb
{
    public static Command Define(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        conversation.Arity = ArgumentArity.ZeroOrOne;
        conversation.Description += " Default: the only one, or the one you choose.";
        return application.Verb(
            "chat",
            "Sit in a conversation: history, live messages, and commands that /help lists.",
            (context, cancellationToken) => RunAsync(context, context.Value(conversation), cancellationToken),
            conversation);
    }

    private static async Task<int> RunAsync(VerbContext context, string? reference, CancellationToken cancellationToken)
    {
        if (context.IsJson)
        {
            throw new UsageException("chat is for people; use 'watch' and 'send' with --json.");
        }

        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var conversation = await ChooseAsync(context, session.Api, reference, cancellationToken).ConfigureAwait(false);
        var isTerminal = context.Environment.IsInputTerminal && context.Environment.IsOutputTerminal;
        using IChatScreen screen = isTerminal
            ? new TerminalScreen(context.Console, context.Environment.Out)
            : new PlainScreen(context.Console, context.Environment);
        if (!session.IsRunning)
        {
            screen.Show(People.Dim("No node runs on this home: what you write leaves when 'hinet run' does."));
        }

        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await new ChatSession(session.Api, conversation, screen).RunAsync(left.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is a way to leave.
        }

        return 0;
    }

    private static async Task<ConversationInfo> ChooseAsync(
        VerbContext context,
        INodeApi api,
        string? reference,
        CancellationToken cancellationToken)
    {
        var all = await api.GetConversationsAsync(cancellationToken).ConfigureAwait(false);
        if (reference is not null)
        {
            // Resolved by the node, whose rules on names and prefixes then hold here too.
            await api.GetMembersAsync(reference, cancellationToken).ConfigureAwait(false);
            var byId = all.Where(c => c.Conversation.StartsWith(reference, StringComparison.OrdinalIgnoreCase)).ToList();
            var byName = all.Where(c => string.Equals(c.Name, reference, StringComparison.OrdinalIgnoreCase)).ToList();
            return byId.Count == 1 ? byId[0] : byName.Find(c => c.Name == reference) ?? byName[0];
        }

        if (all.Count == 0 && await api.GetInvitationsAsync(cancellationToken).ConfigureAwait(false) is [var waiting, ..])
        {
            throw new HiNetException(
                $"There is no conversation yet, but {waiting.FromName} invites you to the group '{waiting.Name}': 'hinet group accept {People.Short(waiting.Conversation)}' joins it.");
        }

        if (all.Count == 0)
        {
            throw new HiNetException("There is no conversation yet; begin one with 'hinet direct IDENTITY' or 'hinet group create NAME'.");
        }

        if (all.Count == 1)
        {
            return all[0];
        }

        if (!context.Environment.IsInputTerminal || !context.Environment.IsOutputTerminal)
        {
            throw new UsageException("Say which conversation: hinet chat CONV.");
        }

        return await new SelectionPrompt<ConversationInfo>()
            .Title("Which conversation?")
            .UseConverter(c => $"{People.Text(c.Name)} [grey]{c.Kind} {People.Short(c.Conversation)}[/]")
            .AddChoices(all)
            .ShowAsync(context.Console, cancellationToken).ConfigureAwait(false);
    }
}
