using System.CommandLine;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>edit</c>: changes an own message.</summary>
internal static class EditVerb
{
    public static Command Define(CliApplication application)
    {
        var (conversation, message, text) = (Arguments.Conversation(), Arguments.Message(), Arguments.Text());
        return application.Verb(
            "edit",
            "Change the text of an own message.",
            (context, cancellationToken) =>
            {
                var id = Arguments.MessageId(context.Value(message));
                return Operation.RunAsync(
                    context, (api, ct) => api.EditAsync(context.Value(conversation), id, context.Value(text), ct), cancellationToken);
            },
            conversation, message, text);
    }
}
