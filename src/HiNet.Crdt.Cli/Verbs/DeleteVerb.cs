using System.CommandLine;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>delete</c>: deletes an own message for everyone.</summary>
internal static class DeleteVerb
{
    public static Command Define(CliApplication application)
    {
        var (conversation, message) = (Arguments.Conversation(), Arguments.Message());
        return application.Verb(
            "delete",
            "Delete an own message for everyone, for good.",
            (context, cancellationToken) =>
            {
                var id = Arguments.MessageId(context.Value(message));
                return Operation.RunAsync(context, (api, ct) => api.DeleteAsync(context.Value(conversation), id, ct), cancellationToken);
            },
            conversation, message);
    }
}
