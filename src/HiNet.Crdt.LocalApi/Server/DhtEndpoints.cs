using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>The DHT, for operators. The key is no part of the path, where it could not be a dot or two.</summary>
internal static class DhtEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, INodeApi api)
    {
        routes.MapGet("/dht/stats", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetDhtStatsAsync(context.RequestAborted), LocalApiJson.Shared.DhtStatsInfo)));
        routes.MapGet("/dht/slots", (RequestDelegate)(async context =>
            await Answers.JsonAsync(context, await api.GetDhtSlotsAsync(Key(context), context.RequestAborted), LocalApiJson.Shared.DhtFoundInfo)));
        routes.MapPut("/dht/slots", (RequestDelegate)(async context =>
        {
            var request = await Answers.BodyAsync(context, LocalApiJson.Shared.TextRequest);
            var text = Answers.Required(request.Text, "text");
            await Answers.JsonAsync(context, await api.PutDhtTextAsync(Key(context), text, context.RequestAborted), LocalApiJson.Shared.DhtPutInfo);
        }));
    }

    private static string Key(HttpContext context) =>
        Answers.Query(context, "key") ?? throw new LocalApiException(400, "The request needs '?key='.");
}
