using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>Conversations and who is in them.</summary>
internal static class ConversationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, INodeApi api)
    {
        routes.MapGet("/conversations", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetConversationsAsync(context.RequestAborted), LocalApiJson.Shared.IReadOnlyListConversationInfo)));
        routes.MapPost("/direct", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.IdentityRequest);
            var identity = Answers.Required(request.Identity, "identity");
            await Answers.JsonAsync(context, await api.OpenDirectAsync(identity, context.RequestAborted), LocalApiJson.Shared.ConversationReference);
        }));
        routes.MapPost("/groups", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.GroupRequest);
            var name = Answers.Required(request.Name, "name");
            await Answers.JsonAsync(
                context, await api.CreateGroupAsync(name, request.Members ?? [], context.RequestAborted), LocalApiJson.Shared.ConversationReference);
        }));
        routes.MapGet("/invitations", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetInvitationsAsync(context.RequestAborted), LocalApiJson.Shared.IReadOnlyListInvitationInfo)));
        routes.MapPost("/invitations/{conversation}/accept", (RequestDelegate)(async context =>
            await Answers.JsonAsync(
                context, await api.AcceptInvitationAsync(Conversation(context), context.RequestAborted), LocalApiJson.Shared.ConversationReference)));
        routes.MapPost("/invitations/{conversation}/decline", (RequestDelegate)(async context =>
            await Answers.JsonAsync(
                context, await api.DeclineInvitationAsync(Conversation(context), context.RequestAborted), LocalApiJson.Shared.ConversationReference)));

        var conversation = routes.MapGroup("/conversations/{conversation}");
        conversation.MapGet("/status", (RequestDelegate)(async context =>
            await Answers.JsonAsync(
                context, await api.GetConversationStatusAsync(Conversation(context), context.RequestAborted), LocalApiJson.Shared.ConversationStatusInfo)));
        conversation.MapGet("/members", (RequestDelegate)(async context =>
            await Answers.JsonAsync(
                context, await api.GetMembersAsync(Conversation(context), context.RequestAborted), LocalApiJson.Shared.IReadOnlyListMemberInfo)));
        conversation.MapPost("/members", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.IdentityRequest);
            var identity = Answers.Required(request.Identity, "identity");
            await Answers.JsonAsync(context, await api.AddMemberAsync(Conversation(context), identity, context.RequestAborted), LocalApiJson.Shared.SentInfo);
        }));
        conversation.MapDelete("/members/{identity}", (RequestDelegate)(async context =>
            await Answers.JsonAsync(
                context,
                await api.RemoveMemberAsync(Conversation(context), Answers.Route(context, "identity"), context.RequestAborted),
                LocalApiJson.Shared.SentInfo)));
        conversation.MapPut("/members/{identity}/role", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.RoleRequest);
            var role = Answers.Required(request.Role, "role");
            await Answers.JsonAsync(
                context,
                await api.SetRoleAsync(Conversation(context), Answers.Route(context, "identity"), role, context.RequestAborted),
                LocalApiJson.Shared.SentInfo);
        }));
        conversation.MapPost("/leave", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.LeaveAsync(Conversation(context), context.RequestAborted), LocalApiJson.Shared.SentInfo)));
    }

    internal static string Conversation(HttpContext context) => Answers.Route(context, "conversation");
}
