namespace HiNet.Crdt.Cli.Tests.Chat;

public sealed class ChatTests
{
    [Fact]
    public async Task Lines_become_messages_and_commands_what_they_say()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        await cli.RunAsync("send", "team", "earlier");
        var outcome = await cli.RunWithInputAsync(
            "hello\n/reply last to you\n/edit last to you, too\n/react last 👍\n/who\n/delete 000000\n/nonsense\n/quit\nnever\n", "chat");
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Out.ShouldContain("earlier");
        outcome.Out.ShouldContain("no message that begins with 000000");
        outcome.Out.ShouldContain("/nonsense is not a command");
        var history = (await cli.RunAsync("--json", "history", "team")).Lines();
        history.Select(l => l.Text("text")).ShouldBe(["earlier", "hello", "to you, too"]);
    }

    [Fact]
    public async Task Which_conversation_must_be_said_when_there_are_several()
    {
        using var cli = TestCli.WithIdentity();
        (await cli.RunAsync("chat")).Code.ShouldBe(1);
        await cli.RunAsync("group", "create", "one");
        await cli.RunAsync("group", "create", "two");
        (await cli.RunAsync("chat")).Code.ShouldBe(2);
        (await cli.RunAsync("chat", "three")).Code.ShouldBe(1);
    }
}
