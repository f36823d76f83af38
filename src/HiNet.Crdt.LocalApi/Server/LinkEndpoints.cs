using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>A raw link to the node, by upgrading the connection (RFC 9110, section 7.8).</summary>
internal static class LinkEndpoints
{
    public const string Protocol = "hinet-link";

    public static void Map(IEndpointRouteBuilder routes, INodeApi api, CancellationToken stopping) =>
        routes.MapGet("/link", (RequestDelegate)(async context =>
        {
            var upgrade = context.Features.Get<IHttpUpgradeFeature>();
            if (upgrade is not { IsUpgradableRequest: true } || context.Request.Headers.Upgrade != Protocol)
            {
                throw new LocalApiException(400, $"This path needs 'Connection: Upgrade' and 'Upgrade: {Protocol}'.");
            }

            context.Response.Headers.Upgrade = Protocol;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            var stream = await upgrade.UpgradeAsync().ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            try
            {
                await api.AttachAsync(stream, ended.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or HiNetException or OperationCanceledException)
            {
                // The link has ended; the closing of the stream says so to the other side.
            }
        }));
}
