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
    public async Task Invitations_are_shown_and_decided_where_one_sits()
    {
        using var cli = TestCli.WithIdentity();
        var bob = cli.Node.AddContact("bob", "Bob");
        cli.Node.Invite("crew", bob, 4);
        cli.Node.Invite("noise", bob, 9);
        var alone = await cli.RunAsync("chat");
        alone.Code.ShouldBe(1);
        alone.Error.ShouldContain("Bob invites you to the group 'crew'");
        await cli.RunAsync("group", "create", "team");
        var outcome = await cli.RunWithInputAsync("/accept crew\n/decline noise\n/invitations\n/accept\n/accept nothing\n/quit\n", "chat", "team");
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Out.ShouldContain("you are invited: ");
        outcome.Out.ShouldContain("crew (4 people) from Bob");
        outcome.Out.ShouldContain("no invitation to a group waits");
        outcome.Out.ShouldContain("/accept GROUP");
        outcome.Out.ShouldContain("No invitation to 'nothing' waits here");
        (await cli.RunAsync("--json", "conversations")).Lines().Select(l => l.Text("name")).ShouldBe(["team", "crew"], ignoreOrder: true);
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
