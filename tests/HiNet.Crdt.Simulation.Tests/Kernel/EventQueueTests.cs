using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Tests.Kernel;

public sealed class EventQueueTests
{
    [Fact]
    public void Events_leave_by_time_and_equal_times_in_the_order_of_scheduling() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            times =>
            {
                var queue = new EventQueue();
                for (var i = 0; i < times.Length; i++)
                {
                    queue.Add(times[i] % 16, new ScheduledEvent(null!, i, 0, 0, null));
                }

                var expected = times.Select((time, i) => (Time: (long)(time % 16), Kind: i)).OrderBy(pair => pair.Time).ThenBy(pair => pair.Kind).ToList();
                var actual = times.Select(_ => (Kind: queue.Take(out var time).Kind, Time: time)).Select(pair => (pair.Time, pair.Kind)).ToList();
                return actual.SequenceEqual(expected) && queue.Count == 0;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Adding_between_takings_keeps_the_order()
    {
        var queue = new EventQueue();
        var random = new KeyedRandom(3);
        long last = 0;
        for (var i = 0; i < 20_000; i++)
        {
            if (queue.Count == 0 || random.Draw(DrawStream.Workload, 0, (ulong)i) % 5 < 3)
            {
                queue.Add(last + (long)(random.Draw(DrawStream.Workload, 1, (ulong)i) % 1000), new ScheduledEvent(null!, i, 0, 0, null));
            }
            else
            {
                queue.Take(out var time);
                time.ShouldBeGreaterThanOrEqualTo(last);
                last = time;
            }
        }
    }
}
