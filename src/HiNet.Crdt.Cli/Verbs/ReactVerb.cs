using System.CommandLine;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>react</c>: adds a reaction, or takes it back.</summary>
internal static class ReactVerb
{
    public static Command Define(CliApplication application)
    {
        var (conversation, message) = (Arguments.Conversation(), Arguments.Message());
        var emoji = new Argument<string>("EMOJI") { Description = "1 to 64 bytes of text." };
        var remove = new Option<bool>("--remove") { Description = "Take the reaction back." };
        return application.Verb(
            "react",
            "React to a message.",
            (context, cancellationToken) =>
            {
                var id = Arguments.MessageId(context.Value(message));
                return Operation.RunAsync(
                    context,
                    (api, ct) => api.ReactAsync(context.Value(conversation), id, context.Value(emoji), context.Value(remove), ct),
                    cancellationToken);
            },
            conversation, message, emoji, remove);
    }
}
