using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>group</c>: creates and joins groups, and says who is in them.</summary>
internal static class GroupVerb
{
    private static readonly string[] Roles = ["owner", "admin", "moderator", "member", "reader"];

    public static Command Define(CliApplication application) => new("group", "Create and join groups, and say who is in them.")
    {
        Create(application),
        Members(application),
        Change(application, "add", "Add a contact to a group.", (api, group, person, ct) => api.AddMemberAsync(group, person, ct)),
        Change(application, "remove", "Remove a member from a group.", (api, group, person, ct) => api.RemoveMemberAsync(group, person, ct)),
        Role(application),
        Leave(application),
        Decide(application, "accept", "Join a group that a contact invites to.", (api, group, ct) => api.AcceptInvitationAsync(group, ct)),
        Decide(application, "decline", "Forget an invitation to a group; nobody is told.", (api, group, ct) => api.DeclineInvitationAsync(group, ct)),
    };

    private static Command Create(CliApplication application)
    {
        var name = new Argument<string>("NAME") { Description = "What the group is called." };
        var member = new Option<string[]>("--member") { Description = "A contact to begin with; may be repeated.", HelpName = "IDENTITY" };
        return application.Verb(
            "create",
            "Create a group.",
            async (context, cancellationToken) =>
            {
                var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
                await using var _ = session.ConfigureAwait(false);
                var group = await session.Api
                    .CreateGroupAsync(context.Value(name), context.Value(member) ?? [], cancellationToken).ConfigureAwait(false);
                context.Print(group, LocalApiJson.Shared.ConversationReference, g => g.Conversation);
                return 0;
            },
            name, member);
    }

    private static Command Members(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        return application.Verb(
            "members",
            "List a conversation's members.",
            async (context, cancellationToken) =>
            {
                var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
                await using var _ = session.ConfigureAwait(false);
                foreach (var member in await session.Api.GetMembersAsync(context.Value(conversation), cancellationToken).ConfigureAwait(false))
                {
                    context.Print(member, LocalApiJson.Shared.MemberInfo, Describe);
                }

                return 0;
            },
            conversation);
    }

    private static Command Change(
        CliApplication application,
        string verb,
        string description,
        Func<INodeApi, string, string, CancellationToken, Task<SentInfo>> change)
    {
        var conversation = Arguments.Conversation();
        var identity = Arguments.Identity();
        return application.Verb(
            verb,
            description,
            (context, cancellationToken) => Operation.RunAsync(
                context,
                (api, ct) => change(api, context.Value(conversation), context.Value(identity), ct),
                cancellationToken),
            conversation, identity);
    }

    private static Command Role(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        var identity = Arguments.Identity();
        var role = new Argument<string>("ROLE") { Description = "owner, admin, moderator, member or reader." };
        return application.Verb(
            "role",
            "Give a member a role.",
            (context, cancellationToken) =>
            {
                var wanted = context.Value(role);
                return Roles.Contains(wanted)
                    ? Operation.RunAsync(
                        context,
                        (api, ct) => api.SetRoleAsync(context.Value(conversation), context.Value(identity), wanted, ct),
                        cancellationToken)
                    : throw new UsageException($"'{wanted}' is not a role; give owner, admin, moderator, member or reader.");
            },
            conversation, identity, role);
    }

    private static Command Leave(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        return application.Verb(
            "leave",
            "Leave a group for good.",
            (context, cancellationToken) => Operation.RunAsync(
                context, (api, ct) => api.LeaveAsync(context.Value(conversation), ct), cancellationToken),
            conversation);
    }

    private static Command Decide(
        CliApplication application,
        string verb,
        string description,
        Func<INodeApi, string, CancellationToken, Task<ConversationReference>> decide)
    {
        var group = new Argument<string>("CONV") { Description = "A group among 'hinet invitations': its id, the first 6 or more digits of it, or its name." };
        return application.Verb(
            verb,
            description,
            async (context, cancellationToken) =>
            {
                var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
                await using var _ = session.ConfigureAwait(false);
                var decided = await decide(session.Api, context.Value(group), cancellationToken).ConfigureAwait(false);
                context.Print(decided, LocalApiJson.Shared.ConversationReference, g => g.Conversation);
                return 0;
            },
            group);
    }

    private static string Describe(MemberInfo member) =>
        $"{People.Dim(member.Identity)} {People.Name(member.Identity, member.Name)} {member.Role}"
            + (member.Tentative ? " " + People.Dim("(tentative)") : string.Empty);
}
