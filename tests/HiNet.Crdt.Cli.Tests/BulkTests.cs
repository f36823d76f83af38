namespace HiNet.Crdt.Cli.Tests;

public sealed class BulkTests
{
    [Fact]
    public async Task Each_line_is_a_message_blank_ones_and_trailing_returns_aside()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        var outcome = await cli.RunWithInputAsync("one\r\n\n  \ntwo\n\r\nthree", "--json", "send", "team", "-");
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Lines().Count.ShouldBe(3);
        (await cli.RunAsync("--json", "history", "team")).Lines().Select(l => l.Text("text")).ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    public async Task A_line_that_is_not_UTF8_stops_behind_what_was_sent()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        var outcome = await cli.RunWithInputAsync([.. "one\ntwo\n"u8, 0xc3, 0x28, (byte)'\n', .. "four\n"u8], "--json", "send", "team", "-");
        outcome.Code.ShouldBe(1);
        outcome.Error.ShouldContain("Line 3");
        outcome.Lines().Count.ShouldBe(2);
        (await cli.RunAsync("--json", "history", "team")).Lines().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Too_long_a_line_stops_behind_what_was_sent()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        var outcome = await cli.RunWithInputAsync($"one\n{new string('x', 65_537)}\nthree\n", "--json", "send", "team", "-");
        outcome.Code.ShouldBe(1);
        outcome.Lines().Count.ShouldBe(1);
        outcome.Error.ShouldContain("65,536");
    }

    [Fact]
    public async Task What_export_writes_import_reads()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "one");
        await cli.RunAsync("group", "create", "two");
        await cli.RunWithInputAsync("grüße\nline \"two\"\n\u202eevil\n", "send", "one", "-");
        var file = Path.Combine(cli.Home, "history.jsonl");
        (await cli.RunAsync("--json", "export", "one", file)).Line().GetRawText().ShouldBe("""{"entries":3}""");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await cli.RunAsync("--json", "import", "two", file)).Line().GetRawText().ShouldBe("""{"entries":3}""");
        var texts = (await cli.RunAsync("--json", "history", "two")).Lines().Select(l => l.Text("text"));
        texts.ShouldBe(["grüße", "line \"two\"", "\u202eevil"]);
        Directory.EnumerateFiles(cli.Home, "*.partial").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_malformed_line_of_an_import_is_named()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        var file = Path.Combine(cli.Home, "bad.jsonl");
        await File.WriteAllTextAsync(file, "{\"text\":\"one\"}\nnonsense\n{\"text\":\"three\"}\n");
        var outcome = await cli.RunAsync("--json", "import", "team", file);
        outcome.Code.ShouldBe(1);
        outcome.Error.ShouldContain("Line 2");
        outcome.Out.ShouldBeEmpty();
    }
}
