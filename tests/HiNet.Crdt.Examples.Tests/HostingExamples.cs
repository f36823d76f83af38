using HiNet.Crdt.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Examples;

/// <summary>The examples of the guide to hosting, line by line. The service itself is tested where hosting is.</summary>
internal static class HostingExamples
{
    internal static async Task RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddHiNet(o => o.Name = "echo").UseRocksDb("data");
        builder.Services.AddHostedService<EchoService>();
        await builder.Build().RunAsync();
    }

    internal static void Bind(HostApplicationBuilder builder)
    {
        builder.Services.Configure<HiNetHostingOptions>(builder.Configuration.GetSection("HiNet"));
    }

    private sealed class EchoService : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
