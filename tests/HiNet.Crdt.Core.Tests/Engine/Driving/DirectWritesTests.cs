using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine.Driving;

public class DirectWritesTests
{
    [Fact]
    public void A_disk_of_which_nothing_is_known_has_its_writer() =>
        new DirectWrites().Allow(Batch(1)).ShouldBeFalse();

    [Theory]
    [InlineData(2.0, DirectWrites.FewChanges, true)]
    [InlineData(2.1, 1, false)]
    [InlineData(1.0, DirectWrites.FewChanges + 1, false)]
    public void Small_batches_go_to_a_quick_disk_at_once(double lastMilliseconds, int changes, bool allowed)
    {
        var direct = new DirectWrites();
        direct.Took(TimeSpan.FromMilliseconds(lastMilliseconds));
        direct.Allow(Batch(changes)).ShouldBe(allowed);
    }

    [Fact]
    public void The_last_write_counts_and_no_earlier_one()
    {
        var direct = new DirectWrites();
        direct.Took(TimeSpan.FromMilliseconds(50));
        direct.Took(TimeSpan.FromMilliseconds(1));
        direct.Allow(Batch(2)).ShouldBeTrue();
    }

    [Fact]
    public void A_batch_that_erases_has_its_writer()
    {
        var direct = new DirectWrites();
        direct.Took(TimeSpan.Zero);
        var batch = Batch(1);
        batch.Erase(ColumnFamily.Entries, [1], [2]);
        direct.Allow(batch).ShouldBeFalse();
    }

    private static WriteBatch Batch(int changes)
    {
        var batch = new WriteBatch();
        for (var i = 0; i < changes; i++)
        {
            batch.Put(ColumnFamily.Entries, [(byte)i], [1]);
        }

        return batch;
    }
}
