using System.CommandLine;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>read</c>: tells the others how far this person has read.</summary>
internal static class ReadVerb
{
    public static Command Define(CliApplication application)
    {
        var (conversation, message) = (Arguments.Conversation(), Arguments.Message());
        return application.Verb(
            "read",
            "Mark a message and all before it as read.",
            (context, cancellationToken) =>
            {
                var id = Arguments.MessageId(context.Value(message));
                return Operation.RunAsync(context, (api, ct) => api.MarkReadAsync(context.Value(conversation), id, ct), cancellationToken);
            },
            conversation, message);
    }
}
