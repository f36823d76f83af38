using System.CommandLine;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>recover</c>: the same person on a new machine.</summary>
internal static class RecoverVerb
{
    public static Command Define(CliApplication application)
    {
        var phrase = new Option<string>("--phrase") { Description = "The 24 words.", HelpName = "WORDS", Required = true };
        var name = new Option<string?>("--name") { Description = "What you call yourself.", HelpName = "NAME" };
        return application.Verb("recover", "Become the same person on a new machine.", (_, _) => throw NotYet(), phrase, name);
    }

    private static HiNetException NotYet() => new("Recovering an identity is not available in this version yet.");
}
