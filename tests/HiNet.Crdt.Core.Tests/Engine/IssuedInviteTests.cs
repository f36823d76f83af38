using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

public sealed class IssuedInviteTests
{
    private static readonly DeviceCard s_card = TestKeys.Card("alice", "phone", "Alice");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(0, int.MaxValue)]
    public void It_has_room_for_so_many_and_one_from_before_they_were_counted_for_everybody(uint uses, int room)
    {
        var issued = new IssuedInvite(Invite(), uses);
        for (var i = 0; i < 5; i++)
        {
            issued.HasRoom.ShouldBe(i < room);
            IssuedInvite.Decode(s_card, issued.Encode()).HasRoom.ShouldBe(i < room);
            issued.Use();
        }
    }

    [Fact]
    public void What_it_says_outlives_a_restart()
    {
        var issued = new IssuedInvite(Invite("one:1", "two:2"), 1);
        IssuedInvite.Decode(s_card, issued.Encode()).Invite.ToString().ShouldBe(issued.Invite.ToString());
    }

    private static Invite Invite(params string[] addresses) =>
        Core.Identity.Invite.From(s_card, TestKeys.Named("secret"), 1_700_000_000_000, addresses);
}
