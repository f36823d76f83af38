using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>The node, its contacts and its invites.</summary>
internal static class NodeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, INodeApi api)
    {
        routes.MapGet("/node", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetNodeAsync(context.RequestAborted), LocalApiJson.Shared.NodeInfo)));
        routes.MapGet("/status", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetStatusAsync(context.RequestAborted), LocalApiJson.Shared.NodeStatusInfo)));
        routes.MapGet("/peers", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetPeersAsync(context.RequestAborted), LocalApiJson.Shared.IReadOnlyListPeerInfo)));
        routes.MapPost("/invites", (RequestDelegate)(async context =>
        {
            var request = context.Request.ContentLength is 0 ? null : await Answers.BodyAsync(context, LocalApiJson.Shared.InviteRequest);
            await Answers.JsonAsync(context, await api.CreateInviteAsync(request?.Addresses, request?.Uses ?? 1, context.RequestAborted), LocalApiJson.Shared.InviteInfo);
        }));
        routes.MapGet("/contacts", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetContactsAsync(context.RequestAborted), LocalApiJson.Shared.IReadOnlyListContactInfo)));
        routes.MapPost("/contacts", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.ContactRequest);
            var invite = Answers.Required(request.Invite, "invite");
            await Answers.JsonAsync(context, await api.AddContactAsync(invite, request.Name, context.RequestAborted), LocalApiJson.Shared.ContactInfo);
        }));
        routes.MapPost("/links", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.AddressRequest);
            await api.LinkAsync(Answers.Required(request.Address, "address"), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }));
    }
}
