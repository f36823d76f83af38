namespace HiNet.Crdt.Cli.Tests;

/// <summary>Wrong usage is exit code 2 and one sentence on standard error; nothing is on standard output.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("send")]
    [InlineData("send", "team")]
    [InlineData("send", "team", "two", "words")]
    [InlineData("history", "team", "--limit", "many")]
    [InlineData("history", "team", "--limit", "0")]
    [InlineData("history", "team", "--before", "xyz")]
    [InlineData("invite", "--uses", "0")]
    [InlineData("invite", "--uses", "1001")]
    [InlineData("invite", "--uses", "many")]
    [InlineData("history", "team", "--nonsense")]
    [InlineData("edit", "team", "12345", "text")]
    [InlineData("edit", "team", "not-hex-at-all", "text")]
    [InlineData("run", "--listen", "nowhere")]
    [InlineData("run", "--listen", "127.0.0.1:99999")]
    [InlineData("run", "--bootstrap", "127.0.0.1:0")]
    [InlineData("run", "--bootstrap", "::1:80")]
    [InlineData("run", "--pipe", "only-one")]
    [InlineData("watch", "--from", "-1")]
    [InlineData("init")]
    [InlineData("init", "--name", " ")]
    [InlineData("group", "role", "team", "bob", "king")]
    [InlineData("group")]
    [InlineData("link")]
    [InlineData("chat", "--json")]
    [InlineData("dht")]
    [InlineData("dht", "get")]
    [InlineData("dht", "get", "")]
    [InlineData("dht", "put", "key")]
    [InlineData("dht", "put", "key", "")]
    [InlineData("peers", "all")]
    public async Task Wrong_usage_is_2_with_a_sentence(params string[] arguments)
    {
        using var cli = TestCli.WithIdentity();
        var outcome = await cli.RunAsync(arguments);
        outcome.Code.ShouldBe(2, outcome.Error);
        outcome.Out.ShouldBeEmpty();
        outcome.Error.ShouldStartWith("hinet: ");
    }

    [Theory]
    [InlineData("send", "nowhere", "hello")]
    [InlineData("contact", "add", "rubbish")]
    [InlineData("direct", "nobody")]
    [InlineData("import", "team", "/no/such/file.jsonl")]
    [InlineData("recover", "--phrase", "some words", "--name", "alice")]
    [InlineData("group", "role", "team", "bob", "admin")]
    [InlineData("group", "remove", "team", "bob")]
    [InlineData("run", "--pipe", "/no/such/in,/no/such/out")]
    [InlineData("peers")]
    [InlineData("dht", "stats")]
    [InlineData("dht", "get", "key")]
    [InlineData("dht", "put", "key", "text")]
    public async Task A_failure_is_1_with_a_sentence(params string[] arguments)
    {
        using var cli = TestCli.WithIdentity();
        var outcome = await cli.RunAsync(["--json", .. arguments]);
        outcome.Code.ShouldBe(1, outcome.Error);
        outcome.Out.ShouldBeEmpty();
        outcome.Error.TrimEnd().ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("send", "--help")]
    [InlineData("group", "create", "--help")]
    public async Task Help_is_0_and_on_standard_output(params string[] arguments)
    {
        using var cli = TestCli.WithIdentity();
        var outcome = await cli.RunAsync(arguments);
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Out.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_empty_or_absent_home_says_how_to_begin()
    {
        using var cli = new TestCli();
        foreach (var home in new[] { cli.Home, Path.Combine(cli.Home, "absent") })
        {
            using var other = new TestCli { Home = home };
            var outcome = await other.RunAsync("contacts");
            outcome.Code.ShouldBe(1);
            outcome.Error.ShouldContain("init --name");
        }
    }

    [Theory]
    [InlineData("@file")]
    [InlineData("[suggest] this")]
    [InlineData("$HOME %PATH% \"quoted\" \\ ")]
    [InlineData("/leave")]
    public async Task A_text_is_taken_as_it_is(string text)
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        (await cli.RunAsync("send", "team", text)).Code.ShouldBe(0);
        (await cli.RunAsync("--json", "history", "team")).Line().Text("text").ShouldBe(text);
    }

    [Fact]
    public async Task A_text_that_begins_with_a_dash_follows_two_dashes()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        (await cli.RunAsync("send", "team", "--", "--limit")).Code.ShouldBe(0);
        (await cli.RunAsync("history", "team", "--json")).Line().Text("text").ShouldBe("--limit");
    }
}
