using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Tests.Log;

public class SharedRoomTests
{
    [Fact]
    public void One_that_asks_for_much_at_once_takes_half_at_most()
    {
        new SharedRoom(1_000).HasRoom(0, 501).ShouldBeFalse();
        new SharedRoom(1_000).HasRoom(0, 500).ShouldBeTrue();
    }

    [Fact]
    public void One_alone_takes_half() => Fill(new SharedRoom(1_000), 1).ShouldBe([500]);

    [Fact]
    public void Many_share_and_one_more_finds_as_much_as_each_of_them_is_left()
    {
        var room = new SharedRoom(1_000);
        var kept = Fill(room, 9);
        kept.Sum().ShouldBe(room.Used);
        room.Used.ShouldBeLessThan(1_000);
        room.HasRoom(0, (1_000 - room.Used) / 2).ShouldBeTrue();
    }

    [Fact]
    public void What_is_given_back_is_free()
    {
        var room = new SharedRoom(1_000);
        Fill(room, 1);
        room.HasRoom(500, 1).ShouldBeFalse();
        room.Note(-500);
        room.HasRoom(0, 500).ShouldBeTrue();
    }

    // In turn, a byte at a time, until nobody gets any more.
    private static long[] Fill(SharedRoom room, int keepers)
    {
        var kept = new long[keepers];
        for (var progress = true; progress;)
        {
            progress = false;
            for (var i = 0; i < keepers; i++)
            {
                if (room.HasRoom(kept[i], 1))
                {
                    kept[i]++;
                    room.Note(1);
                    progress = true;
                }
            }
        }

        return kept;
    }
}
