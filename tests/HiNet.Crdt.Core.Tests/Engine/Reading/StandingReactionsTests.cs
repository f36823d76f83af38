using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>The last word for each person and emoji counts, in the order of first use; one person fills nothing.</summary>
public sealed class StandingReactionsTests
{
    private static readonly IdentityId s_alice = TestKeys.Identity("alice");
    private static readonly IdentityId s_bob = TestKeys.Identity("bob");

    private readonly StandingReactions _standing = new();

    [Fact]
    public void Emojis_stand_in_the_order_of_first_use_with_their_people()
    {
        Apply(s_alice, "👍");
        Apply(s_bob, "🎉");
        Apply(s_bob, "👍");
        Apply(s_alice, "👍");
        Shown().ShouldBe([("👍", "alice, bob"), ("🎉", "bob")]);
    }

    [Fact]
    public void What_is_taken_back_is_gone_and_comes_last_when_it_comes_again()
    {
        Apply(s_alice, "👍");
        Apply(s_alice, "🎉");
        _standing.Apply(s_alice, "👍", isRemoval: true);
        _standing.Apply(s_bob, "🎉", isRemoval: true);
        Shown().ShouldBe([("🎉", "alice")]);
        Apply(s_alice, "👍");
        Shown().ShouldBe([("🎉", "alice"), ("👍", "alice")]);
    }

    [Fact]
    public void Of_one_person_so_many_stand_at_a_time_and_others_are_not_touched()
    {
        for (var i = 0; i < Limits.ReactionsOfOnePerson + 3; i++)
        {
            Apply(s_alice, $"{i}");
        }

        Apply(s_bob, "👍");
        Shown().Select(reaction => reaction.Emoji).ShouldBe([.. Enumerable.Range(0, Limits.ReactionsOfOnePerson).Select(i => $"{i}"), "👍"]);
        _standing.Apply(s_alice, "0", isRemoval: true);
        Apply(s_alice, "one more");
        Shown().Select(reaction => reaction.Emoji).ShouldContain("one more");
        Apply(s_alice, "too many");
        Shown().Select(reaction => reaction.Emoji).ShouldNotContain("too many");
    }

    [Fact]
    public void The_same_emoji_once_more_takes_no_further_place()
    {
        for (var i = 0; i <= Limits.ReactionsOfOnePerson; i++)
        {
            Apply(s_alice, "👍");
        }

        Apply(s_alice, "🎉");
        Shown().ShouldBe([("👍", "alice"), ("🎉", "alice")]);
    }

    [Fact]
    public void An_emoji_that_is_longer_than_any_node_writes_is_none()
    {
        Apply(s_alice, new string('é', Limits.EmojiBytes / 2));
        Apply(s_alice, new string('é', Limits.EmojiBytes / 2) + 'e');
        Apply(s_alice, new string('é', (Limits.EmojiBytes / 2) + 1));
        Shown().ShouldHaveSingleItem().Emoji.Length.ShouldBe(Limits.EmojiBytes / 2);
    }

    private void Apply(IdentityId by, string emoji) => _standing.Apply(by, emoji, isRemoval: false);

    private static string NameOf(IdentityId person) => person == s_alice ? "alice" : "bob";

    private List<(string Emoji, string By)> Shown() =>
        [.. _standing.ByEmoji().Select(reaction => (reaction.Emoji, string.Join(", ", reaction.By.Select(NameOf))))];
}
