using System.CommandLine;
using HiNet.Crdt.Cli.Home;
using HiNet.Crdt.Cli.Output;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>init</c>: makes identity and device.</summary>
internal static class InitVerb
{
    public static Command Define(CliApplication application)
    {
        var name = new Option<string>("--name") { Description = "What you call yourself.", HelpName = "NAME", Required = true };
        return application.Verb(
            "init",
            "Make an identity and this device, and show the recovery phrase once.",
            (context, cancellationToken) => RunAsync(context, context.Value(name)!, cancellationToken),
            name);
    }

    private static async Task<int> RunAsync(VerbContext context, string name, CancellationToken cancellationToken)
    {
        Arguments.Check(new HiNetOptions { Name = name });
        var home = context.Home;
        var passphrase = context.Passphrase();
        home.Create();
        using var held = await NodeAccess.LockAsync(home, cancellationToken).ConfigureAwait(false);
        if (context.Environment.Nodes.HasIdentity(home))
        {
            throw new HiNetException($"There is an identity in {home.Path} already; use another home for another one.");
        }

        var opened = await context.Environment.Nodes
            .OpenAsync(home, new NodeOpening { Name = name, Passphrase = passphrase }, cancellationToken).ConfigureAwait(false);
        await using var _ = opened.ConfigureAwait(false);
        if (opened.IsUnsealed)
        {
            context.Note(Sentences.Unsealed(home));
        }

        var created = new CreatedIdentity(
            opened.Node.Self.Id.ToString(),
            opened.Node.Device.ToString(),
            (opened.NewPhrase ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        context.Print(created, CliJson.Shared.CreatedIdentity, Describe);
        return 0;
    }

    private static string Describe(CreatedIdentity created)
    {
        var rows = created.Phrase.Chunk(6).Select(words => "  " + People.Text(string.Join(' ', words)));
        return $"identity {created.Identity}\ndevice   {created.Device}\n\n"
            + $"Recovery phrase, shown this once. Write it down: whoever has it is you.\n{string.Join('\n', rows)}";
    }
}
