using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>contact add</c>: accepts an invite.</summary>
internal static class ContactVerb
{
    public static Command Define(CliApplication application)
    {
        var invite = new Argument<string>("INVITE") { Description = "What 'hinet invite' printed on the other side." };
        var name = new Option<string?>("--name") { Description = "What you call them.", HelpName = "NAME" };
        var add = application.Verb(
            "add",
            "Accept an invite, online or not; again to change the name.",
            (context, cancellationToken) => AddAsync(context, context.Value(invite), context.Value(name), cancellationToken),
            invite, name);
        return new Command("contact", "Meet people.") { add };
    }

    private static async Task<int> AddAsync(VerbContext context, string invite, string? name, CancellationToken cancellationToken)
    {
        if (name is not null && string.IsNullOrWhiteSpace(name))
        {
            throw new UsageException("--name needs a name.");
        }

        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var contact = await session.Api.AddContactAsync(invite.Trim(), name, cancellationToken).ConfigureAwait(false);
        context.Print(contact, LocalApiJson.Shared.ContactInfo, c => $"{People.Name(c.Identity, c.Name)} {People.Dim(c.Identity)}");
        return 0;
    }
}
