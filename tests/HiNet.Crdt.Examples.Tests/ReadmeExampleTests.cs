using HiNet.Crdt;
using HiNet.Crdt.Storage;

namespace Examples;

public sealed class ReadmeExampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_readme_shows_what_is_compiled_here() =>
        ExampleText.Blocks("README.md").ShouldBe([ExampleText.UsingsAndBody(ExampleText.Beside("ReadmeExample.cs"))]);

    [Fact]
    public async Task The_readmes_example_reaches_both_it_names()
    {
        using var place = new ScratchConsole();
        await using var bob = await StartAsync("Bob");
        await using var carol = await StartAsync("Carol");
        var (toBob, toCarol) = (await bob.CreateInviteAsync(), await carol.CreateInviteAsync());

        using var bounded = new CancellationTokenSource(Patience);
        var example = Task.Run(() => ReadmeExample.RunAsync(toBob, toCarol, bounded.Token));
        await UntilAsync(
            () => example.IsCompleted || (HasHello(bob) && HasHello(carol) && place.Written.Contains("Alice: hello")),
            bounded.Token);
        place.PressEnter();
        await example;
    }

    private static Task<HiNetNode> StartAsync(string name) =>
        HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = name, Listen = "127.0.0.1:0", AcceptInvitations = true });

    private static bool HasHello(HiNetNode node) =>
        node.Conversations.Any(c => c.Name == "team" && c.ReadPage().Any(m => m.Text == "hello" && m.Author.Name == "Alice"));

    private static async Task UntilAsync(Func<bool> isReached, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isReached())
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
