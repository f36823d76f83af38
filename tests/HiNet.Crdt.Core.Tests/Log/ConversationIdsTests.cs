using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class ConversationIdsTests
{
    [Fact]
    public void Two_people_have_one_direct_conversation_whoever_starts_it()
    {
        var (alice, bob) = (TestKeys.Identity("alice"), TestKeys.Identity("bob"));
        var id = ConversationIds.Direct(TestKeys.Sodium, alice, bob);
        ConversationIds.Direct(TestKeys.Sodium, bob, alice).ShouldBe(id);
        ConversationIds.Direct(TestKeys.Sodium, alice, alice).ShouldNotBe(id);
        ConversationIds.Direct(TestKeys.Sodium, bob, bob).ShouldNotBe(id);
    }

    [Fact]
    public void Authority_is_hashed_over_sorted_heads_only()
    {
        EntryId[] heads = [.. new[] { "a", "b", "c" }.Select(TestKeys.Entry).Order()];
        AuthorityHash.Of(TestKeys.Sodium, heads).ShouldNotBe(AuthorityHash.Of(TestKeys.Sodium, heads[..2]));
        AuthorityHash.Of(TestKeys.Sodium, []).IsZero.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => AuthorityHash.Of(TestKeys.Sodium, [heads[1], heads[0]]));
        Should.Throw<ArgumentException>(() => AuthorityHash.Of(TestKeys.Sodium, [heads[1], heads[1]]));
    }
}
