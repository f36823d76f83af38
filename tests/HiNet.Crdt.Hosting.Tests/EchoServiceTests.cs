using HiNet.Crdt.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HiNet.Crdt.Hosting.Tests;

public sealed class EchoServiceTests
{
    [Fact]
    public async Task The_example_starts_and_stops_with_its_host()
    {
        var starter = new FakeStarter();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<INodeStarter>(starter);
        builder.Services.AddHiNet(o => o.Name = "echo").UseStore(new InMemoryStore());
        builder.Services.AddHostedService<EchoService>();
        using var host = builder.Build();
        await host.StartAsync();
        starter.Node.ShouldNotBeNull();
        await host.StopAsync();
        starter.Log.ShouldBe(["node started", "node stopped"]);
    }
}
