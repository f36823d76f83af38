using HiNet.Crdt;
using HiNet.Crdt.Storage;

namespace Examples;

public sealed class GuideExampleTests
{
    [Theory]
    [InlineData("embedding.md", "GuideExamples.cs", "Greeter.cs")]
    [InlineData("hosting.md", "HostingExamples.cs", "../HiNet.Crdt.Hosting.Tests/EchoService.cs")]
    public void The_guide_shows_what_is_compiled(string page, params string[] sources)
    {
        var compiled = ExampleText.Flat(string.Concat(sources.Select(source => ExampleText.Beside(source))));
        ExampleText.Blocks(page).Where(block => !compiled.Contains(ExampleText.Flat(block), StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_guides_greeter_greets_in_a_new_conversation()
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Alice" });
        using var greeter = new Greeter(node).Start();
        var notes = await node.OpenDirectAsync(node.Self.Id);
        var greeted = new TaskCompletionSource();
        var following = Task.Run(() => GuideExamples.Follow(notes, default, happened =>
        {
            if (happened is MessageAdded { Text: "Hello, I am Alice." })
            {
                greeted.TrySetResult();
            }
        }, greeted.Task));
        (await following.WaitAsync(TimeSpan.FromSeconds(30))).Position.ShouldBeGreaterThan(0UL);
    }
}
