namespace HiNet.Crdt.Tests;

public sealed class TextRulesTests
{
    [Fact]
    public void A_text_of_exactly_the_limit_is_allowed_and_one_byte_more_is_not()
    {
        TextRules.ProblemOfText(new string('a', 65_536)).ShouldBeNull();
        TextRules.ProblemOfText(new string('a', 65_537)).ShouldBe("A message has at most 65,536 bytes of UTF-8: shorten or split it.");
        TextRules.ProblemOfText(new string('\u20ac', 21_845) + "a").ShouldBeNull();
        TextRules.ProblemOfText(new string('\u20ac', 21_846)).ShouldNotBeNull();
    }

    [Fact]
    public void An_empty_text_is_refused() => TextRules.ProblemOfText(string.Empty).ShouldBe("A message needs at least one character.");

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        // Not inline data: an attribute's strings are stored as UTF-8, which has no half pairs.
        string[] texts = ["\ud83d", "a\ude00b", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83d\ude00\ud83d"];
        foreach (var text in texts)
        {
            TextRules.ProblemOfText(text).ShouldNotBeNull().ShouldContain("surrogate");
        }
    }

    [Theory]
    [InlineData("\ud83d\ude00\ud83d\ude00")]
    [InlineData("x\ud83d\ude00y\u0301")]
    public void Whole_pairs_are_allowed(string text) => TextRules.ProblemOfText(text).ShouldBeNull();

    [Theory]
    [InlineData("\ud83d\udc4d", true)]
    [InlineData("\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67", true)]
    [InlineData("+1", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\u001b[2J", false)]
    public void A_reaction_is_short_and_visible(string emoji, bool isAllowed) => (TextRules.ProblemOfEmoji(emoji) is null).ShouldBe(isAllowed);

    [Fact]
    public void A_reaction_has_at_most_64_bytes()
    {
        TextRules.ProblemOfEmoji(new string('a', 64)).ShouldBeNull();
        TextRules.ProblemOfEmoji(new string('a', 65)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("team", true)]
    [InlineData("  ", false)]
    [InlineData("a\nb", false)]
    [InlineData("", false)]
    public void A_groups_name_is_one_visible_line(string name, bool isAllowed) => (TextRules.ProblemOfGroupName(name) is null).ShouldBe(isAllowed);
}
