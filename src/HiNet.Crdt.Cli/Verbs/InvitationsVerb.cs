using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>invitations</c>: groups that wait for a decision.</summary>
internal static class InvitationsVerb
{
    public static Command Define(CliApplication application) =>
        application.Verb("invitations", "List the invitations to groups that wait, the oldest first: 'hinet group accept' joins, 'hinet group decline' does not.", RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        foreach (var invitation in await session.Api.GetInvitationsAsync(cancellationToken).ConfigureAwait(false))
        {
            context.Print(invitation, LocalApiJson.Shared.InvitationInfo, InvitationLine.Markup);
        }

        return 0;
    }
}
