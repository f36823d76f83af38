using System.CommandLine;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>reply</c>: answers a message.</summary>
internal static class ReplyVerb
{
    public static Command Define(CliApplication application)
    {
        var (conversation, message, text) = (Arguments.Conversation(), Arguments.Message(), Arguments.Text());
        return application.Verb(
            "reply",
            "Answer a message.",
            (context, cancellationToken) =>
            {
                var id = Arguments.MessageId(context.Value(message));
                return Operation.RunAsync(
                    context, (api, ct) => api.ReplyAsync(context.Value(conversation), id, context.Value(text), ct), cancellationToken);
            },
            conversation, message, text);
    }
}
