using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary>Prints a feed, a line an event.</summary>
internal static class EventPrinter
{
    public static async Task PrintAsync(VerbContext context, INodeApi api, IEventFeed feed, CancellationToken cancellationToken)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var happened in feed.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var name = context.IsJson ? null : await NameAsync(api, names, happened, cancellationToken).ConfigureAwait(false);
            context.Print(happened, LocalApiLineJson.Shared.EventInfo, e => EventLine.Markup(e, name));
            context.Flush();
        }
    }

    private static async Task<string?> NameAsync(
        INodeApi api,
        Dictionary<string, string> names,
        EventInfo happened,
        CancellationToken cancellationToken)
    {
        if (happened.Conversation is null)
        {
            return null;
        }

        if (!names.TryGetValue(happened.Conversation, out var name))
        {
            foreach (var conversation in await api.GetConversationsAsync(cancellationToken).ConfigureAwait(false))
            {
                names[conversation.Conversation] = conversation.Name;
            }

            name = names.TryGetValue(happened.Conversation, out var found) ? found : People.Short(happened.Conversation);
            names[happened.Conversation] = name;
        }

        return name;
    }
}
