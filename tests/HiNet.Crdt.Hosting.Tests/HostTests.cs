using HiNet.Crdt.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HiNet.Crdt.Hosting.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task The_node_runs_from_before_the_other_services_start_until_they_have_stopped()
    {
        var starter = new FakeStarter();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<INodeStarter>(starter);
        builder.Services.AddHostedService(provider => new Witness(provider.GetRequiredService<INode>(), starter.Log));
        builder.Services.AddHiNet().UseStore(new InMemoryStore());
        using var host = builder.Build();
        var node = host.Services.GetRequiredService<INode>();
        Should.Throw<InvalidOperationException>(() => node.Self).Message.ShouldContain("not started yet");

        await host.StartAsync();
        node.Self.Name.ShouldBe("bot");
        await host.StopAsync();
        starter.Log.ShouldBe(["node started", "witness sees bot", "witness leaves bot", "node stopped"]);
        Should.Throw<InvalidOperationException>(() => node.Self).Message.ShouldContain("stopped");
    }

    [Fact]
    public async Task Wrong_options_keep_the_host_from_starting()
    {
        var starter = new FakeStarter();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<INodeStarter>(starter);
        builder.Services.AddHiNet(o => o.Listen = "nowhere").UseStore(new InMemoryStore());
        using var host = builder.Build();
        await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());
        starter.Log.ShouldBeEmpty();
    }

    [Fact]
    public void Options_come_from_configuration_too()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["HiNet:Name"] = "bot",
            ["HiNet:Bootstrap:0"] = "127.0.0.1:4000",
            ["HiNet:SendReceipts"] = "false",
        });
        builder.Services.Configure<HiNetHostingOptions>(builder.Configuration.GetSection("HiNet"));
        builder.Services.AddHiNet().UseStore(new InMemoryStore());
        using var host = builder.Build();
        var options = host.Services.GetRequiredService<IOptions<HiNetHostingOptions>>().Value;
        options.Name.ShouldBe("bot");
        options.Bootstrap.ShouldBe(["127.0.0.1:4000"]);
        options.SendReceipts.ShouldBeFalse();
    }

    private sealed class Witness(INode node, List<string> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            log.Add($"witness sees {node.Self.Name}");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            log.Add($"witness leaves {node.Self.Name}");
            return Task.CompletedTask;
        }
    }
}
