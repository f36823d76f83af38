using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>Serves a node on a Unix socket that only this user can open. The paths are those of specs/10-local-api.md.</summary>
public sealed class LocalApiServer : IAsyncDisposable
{
    /// <summary>The largest request body in bytes, bulk sends excepted.</summary>
    public const long LargestBody = 1 << 20;

    private readonly WebApplication _application;

    private LocalApiServer(WebApplication application, string socketPath)
    {
        _application = application;
        SocketPath = socketPath;
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <summary>Starts to listen. The caller holds the home, so that nobody else listens for it.</summary>
    /// <param name="api">What is served; not disposed.</param>
    /// <param name="socketPath">From <see cref="LocalSocket.PathFor"/>; a file left there by a killed process is replaced.</param>
    /// <param name="loggerFactory">For problems.</param>
    /// <param name="cancellationToken">Stops waiting for the start.</param>
    public static async Task<LocalApiServer> StartAsync(
        INodeApi api,
        string socketPath,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(api);
        LocalSocket.Prepare(socketPath);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (loggerFactory is not null)
        {
            builder.Services.AddSingleton(loggerFactory);
        }

        builder.Services.AddRoutingCore();
        builder.Services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.Encoder = LocalApiJson.Shared.Options.Encoder;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, LocalApiJson.Shared);
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Configure(options, socketPath));
        var application = builder.Build();
        application.UseMiddleware<ProblemMiddleware>();
        application.UseRouting();
        var version = application.MapGroup("/v1");
        NodeEndpoints.Map(version, api);
        DhtEndpoints.Map(version, api);
        ConversationEndpoints.Map(version, api);
        MessageEndpoints.Map(version, api);
        EventEndpoints.Map(version, api, application.Lifetime.ApplicationStopping);
        LinkEndpoints.Map(version, api, application.Lifetime.ApplicationStopping);
        application.MapFallback(static context => Answers.ProblemAsync(context, 404, "There is nothing at this path; see specs/10-local-api.md."));
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new LocalApiServer(application, socketPath);
    }

    /// <summary>Ends open feeds and links, and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        File.Delete(SocketPath);
    }

    private static void Configure(KestrelServerOptions options, string socketPath)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = LargestBody;
        options.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        options.Limits.MaxConcurrentConnections = 256;

        // A line that someone types, or a feed that nobody reads for a while, is as slow as it is.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.ListenUnixSocket(socketPath, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
