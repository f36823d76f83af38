using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Cli.Output;

namespace HiNet.Crdt.Cli.Tests.Output;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("grüße 你好 👩‍👩‍👧 می‌خواهم", "grüße 你好 👩‍👩‍👧 می‌خواهم")]
    [InlineData("\u001b[31mred", "␛[31mred")]
    [InlineData("\u0007\u0000\u007f", "␇␀␡")]
    [InlineData("\u009b31m", "<U+009B>31m")]
    [InlineData("a\u202eb", "a<U+202E>b")]
    [InlineData("\u2066x\u2069\u200e\u200f\u061c", "<U+2066>x<U+2069><U+200E><U+200F><U+061C>")]
    [InlineData("a\nb\tc\r", "a␊b␉c␍")]
    [InlineData("a\u2028b", "a<U+2028>b")]
    [InlineData("\ufeffx\u200by", "<U+FEFF>x<U+200B>y")]
    [InlineData("x\U000e0041\U000e0042", "x<U+E0041><U+E0042>")]
    [InlineData("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f")]
    [InlineData("\U0001f3f4 \U000e0067", "\U0001f3f4 <U+E0067>")]
    public void What_could_steer_the_terminal_or_the_reading_is_made_visible(string text, string shown) =>
        TerminalText.Clean(text).ShouldBe(shown);

    [Fact]
    public void An_unpaired_surrogate_becomes_the_replacement_character() =>
        TerminalText.Clean("a\ud83db\udc4d").ShouldBe("a\ufffdb\ufffd");

    [Fact]
    public void Lines_stay_lines_where_lines_are_wanted() =>
        TerminalText.CleanLines("a\r\nb\tc\n\u001b").ShouldBe("a\nb c\n␛");

    [Fact]
    public void Nothing_that_comes_out_is_a_control_or_an_override_and_cleaning_again_changes_nothing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var clean = TerminalText.Clean(text ?? string.Empty);
            return clean.All(c => !char.IsControl(c) && c is not (>= '\u202a' and <= '\u202e') and not (>= '\u2066' and <= '\u2069'))
                && TerminalText.Clean(clean) == clean;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_hostile_name_and_text_reach_the_terminal_harmless()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "\u001b]0;title\u0007[red]team");
        await cli.RunAsync("send", cli.Node.Conversations[0].Id.ToString(), "\u202eevil\u001b[2J\nalice: forged [bold]x[/]");
        foreach (var verb in new[] { "conversations", "history" })
        {
            var outcome = await cli.RunAsync(verb == "history" ? [verb, cli.Node.Conversations[0].Id.ToString()] : [verb]);
            outcome.Code.ShouldBe(0, outcome.Error);
            outcome.Out.ShouldNotContain('\u001b');
            outcome.Out.ShouldNotContain('\u202e');
            outcome.Out.ShouldNotContain("\nalice: forged");
        }
    }
}
