using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using HiNet.Crdt.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HiNet.Crdt.Hosting.Tests;

public sealed class EchoServiceTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_example_answers_a_person_over_a_real_link()
    {
        var folder = Directory.CreateTempSubdirectory("hinet-test-").FullName;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHiNet(o =>
        {
            o.Name = "echo";
            o.Listen = "127.0.0.1:0";
        }).UseRocksDb(Path.Combine(folder, "store"));
        builder.Services.AddHostedService<EchoService>();
        using (var host = builder.Build())
        {
            await host.StartAsync();
            var invite = await host.Services.GetRequiredService<INode>().CreateInviteAsync();
            await using (var alice = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "alice" }))
            {
                var echo = await alice.AddContactAsync(invite);
                var conversation = await alice.OpenDirectAsync(echo.Id);
                var answer = conversation.Events.OfType<MessageAdded>().Where(m => m.Author.Id == echo.Id).FirstAsync().Timeout(Bound);
                var waiting = answer.ToTask();
                await conversation.SendAsync("hello");
                (await waiting).Text.ShouldBe("You said: hello");
            }

            await host.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
