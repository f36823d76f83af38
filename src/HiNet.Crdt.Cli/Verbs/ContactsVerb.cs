using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>contacts</c>: everyone this node can write to.</summary>
internal static class ContactsVerb
{
    public static Command Define(CliApplication application) =>
        application.Verb("contacts", "List the contacts.", RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        foreach (var contact in await session.Api.GetContactsAsync(cancellationToken).ConfigureAwait(false))
        {
            context.Print(contact, LocalApiJson.Shared.ContactInfo, c => $"{People.Dim(c.Identity)} {People.Name(c.Identity, c.Name)}{Explain(c)}");
        }

        return 0;
    }

    private static string Explain(ContactInfo contact) => contact.Status switch
    {
        "waiting" => " " + People.Dim("has not answered yet"),
        "invite-used" or "invite-expired" => " " + People.Dim($"the invite {EventLine.Lapsed(contact.Status)}: ask for a new one"),
        _ => string.Empty,
    };
}
