using HiNet.Crdt.Cli.Chat;

namespace HiNet.Crdt.Cli.Tests.Chat;

public sealed class ChatCommandTests
{
    [Fact]
    public void Lines_are_messages_unless_they_begin_with_one_slash()
    {
        ChatCommand.Parse("hello /help").ShouldBe(new ChatCommand.Say("hello /help"));
        ChatCommand.Parse("//etc").ShouldBe(new ChatCommand.Say("/etc"));
        ChatCommand.Parse("/HELP").ShouldBe(new ChatCommand.Help());
        ChatCommand.Parse("/who").ShouldBe(new ChatCommand.Who());
        ChatCommand.Parse("/quit").ShouldBe(new ChatCommand.Quit());
        ChatCommand.Parse("/reply abcdef  two words").ShouldBe(new ChatCommand.Reply("abcdef", "two words"));
        ChatCommand.Parse("/edit last new text").ShouldBe(new ChatCommand.Edit("last", "new text"));
        ChatCommand.Parse("/delete abcdef").ShouldBe(new ChatCommand.Delete("abcdef"));
        ChatCommand.Parse("/react abcdef 👍 ").ShouldBe(new ChatCommand.React("abcdef", "👍"));
    }

    [Theory]
    [InlineData("/reply")]
    [InlineData("/reply abcdef")]
    [InlineData("/delete")]
    [InlineData("/react abcdef")]
    [InlineData("/nonsense")]
    public void A_command_that_lacks_something_says_how_it_goes(string line) =>
        ChatCommand.Parse(line).ShouldBeOfType<ChatCommand.Wrong>().Sentence.ShouldStartWith("/");
}
