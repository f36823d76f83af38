using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>invite</c>: a string that makes someone a contact.</summary>
internal static class InviteVerb
{
    public static Command Define(CliApplication application)
    {
        var address = new Option<string[]>("--address")
        {
            Description = "An address at which others reach this node, instead of the one it listens on; may be repeated.",
            HelpName = "HOST:PORT",
        };
        var uses = Arguments.Number("--uses", "How many people may become contacts by it, 1 to 1,000; one when left out.", 1, Limits.InviteUses);
        return application.Verb(
            "invite",
            "Make an invite to hand to someone; it is valid for 30 days, and for one person unless --uses says more.",
            (context, cancellationToken) => RunAsync(context, context.Value(address) ?? [], context.Value(uses) ?? 1, cancellationToken),
            address, uses);
    }

    private static async Task<int> RunAsync(VerbContext context, string[] addresses, int uses, CancellationToken cancellationToken)
    {
        Arguments.Check(new HiNetOptions { AdvertisedAddresses = addresses });
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var invite = await session.Api.CreateInviteAsync(addresses, uses, cancellationToken).ConfigureAwait(false);
        if (!session.IsRunning && addresses.Length == 0)
        {
            context.Note("no node runs on this home, so the invite carries no address; the other side needs one to link to.");
        }

        // Invites read the same in either case, and a code of capitals and digits alone is a third smaller.
        if (!context.IsJson && context.Environment.IsOutputTerminal && QrCode.Lines(invite.Invite.ToUpperInvariant()) is { } lines
            && lines[0].Length < context.Console.Profile.Width)
        {
            foreach (var line in lines)
            {
                context.Environment.Out.WriteLine(line);
            }
        }

        // Not through markup: a terminal's width must not break the invite into lines.
        if (!context.IsJson)
        {
            context.Environment.Out.WriteLine(TerminalText.Clean(invite.Invite));
            return 0;
        }

        context.Print(invite, LocalApiJson.Shared.InviteInfo, i => i.Invite);
        return 0;
    }
}
