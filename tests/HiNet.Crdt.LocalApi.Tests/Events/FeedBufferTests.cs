using HiNet.Crdt.LocalApi.Events;

namespace HiNet.Crdt.LocalApi.Tests.Events;

public sealed class FeedBufferTests
{
    private static readonly ConversationId One = Source(1);
    private static readonly ConversationId Other = Source(2);

    [Fact]
    public void A_source_without_room_is_stopped_and_goes_on_behind_its_last_event_when_half_is_read()
    {
        var buffer = new FeedBuffer(4);
        for (ulong place = 1; place <= 4; place++)
        {
            buffer.TryAdd(One, new EventCursor(10 * place)).ShouldBeTrue();
        }

        buffer.TryAdd(One, new EventCursor(50)).ShouldBeFalse();
        buffer.Stopped.ShouldBe(1);
        buffer.Read().ShouldBeEmpty();
        buffer.Read().ShouldBe([(One, new EventCursor(40))]);
        buffer.Read().ShouldBeEmpty();
    }

    [Fact]
    public void A_source_that_never_had_room_goes_on_in_front_of_what_it_brought()
    {
        var buffer = new FeedBuffer(1);
        buffer.TryAdd(One, new EventCursor(1));
        buffer.TryAdd(Other, new EventCursor(8)).ShouldBeFalse();
        buffer.Read().ShouldBe([(Other, new EventCursor(7))]);
    }

    [Fact]
    public void Long_texts_take_the_room_of_many_events_and_one_of_any_length_may_wait_alone()
    {
        var buffer = new FeedBuffer(100, room: 1_000);
        buffer.TryAdd(One, new EventCursor(1), 5_000).ShouldBeTrue();
        buffer.TryAdd(One, new EventCursor(2), 1).ShouldBeFalse();
        buffer.Read().ShouldBe([(One, new EventCursor(1))]);

        buffer.TryAdd(One, new EventCursor(2), 400).ShouldBeTrue();
        buffer.TryAdd(One, new EventCursor(3), 600).ShouldBeTrue();
        buffer.TryAdd(One, new EventCursor(4), 1).ShouldBeFalse();
        buffer.Read().ShouldBeEmpty();
        buffer.Read().ShouldBe([(One, new EventCursor(3))]);
    }

    [Fact]
    public void Of_many_that_were_stopped_a_few_go_on_at_a_time()
    {
        const int Sources = 1_000;
        const ulong Events = 100;
        var buffer = new FeedBuffer(1_024);
        var next = Enumerable.Repeat(1UL, Sources).ToArray();
        var running = new Queue<int>(Enumerable.Range(0, Sources));
        var begun = 0;
        var read = 0;
        while (read < Sources * (int)Events)
        {
            while (running.TryDequeue(out var source))
            {
                while (next[source] <= Events && buffer.TryAdd(Source(source), new EventCursor(next[source])))
                {
                    next[source]++;
                }
            }

            read++;
            foreach (var (source, behind) in buffer.Read())
            {
                begun++;
                running.Enqueue(NumberOf(source));
                next[NumberOf(source)].ShouldBe(behind.Position + 1);
            }
        }

        // All at each time are 96,255, each of which reads a page of the store.
        begun.ShouldBeLessThan(Sources + (Sources * (int)Events / 16));
    }

    [Fact]
    public void In_any_order_of_bringing_and_reading_each_event_is_read_once_and_each_source_in_order()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            Play(new Random(seed));
        }
    }

    // Sources bring their events one by one; a stopped one brings nothing until it is begun, and then begins behind its cursor.
    private static void Play(Random random)
    {
        const int Sources = 5;
        const ulong Events = 60;
        var capacity = random.Next(1, 20);
        var room = random.Next(1, 50);
        var buffer = new FeedBuffer(capacity, room);
        var next = Enumerable.Repeat(1UL, Sources).ToArray();
        var isStopped = new bool[Sources];
        var waiting = new Queue<(int Source, ulong Place)>();
        var read = Enumerable.Range(0, Sources).Select(_ => new List<ulong>()).ToArray();
        while (read.Sum(places => places.Count) < Sources * (int)Events)
        {
            var source = random.Next(Sources);
            if (random.Next(3) > 0 && !isStopped[source] && next[source] <= Events)
            {
                if (buffer.TryAdd(Source(source), new EventCursor(next[source]), random.Next(20)))
                {
                    waiting.Enqueue((source, next[source]++));
                }
                else
                {
                    isStopped[source] = true;
                }
            }
            else if (waiting.TryDequeue(out var oldest))
            {
                read[oldest.Source].Add(oldest.Place);
                foreach (var (begun, behind) in buffer.Read())
                {
                    var index = Enumerable.Range(0, Sources).Single(i => Source(i) == begun);
                    isStopped[index].ShouldBeTrue();
                    isStopped[index] = false;
                    next[index] = behind.Position + 1;
                }
            }

            buffer.Waiting.ShouldBe(waiting.Count);
            waiting.Count.ShouldBeLessThanOrEqualTo(capacity);
        }

        read.ShouldAllBe(places => places.SequenceEqual(Enumerable.Range(1, (int)Events).Select(place => (ulong)place)));
    }

    private static ConversationId Source(int number)
    {
        var bytes = new byte[32];
        BitConverter.TryWriteBytes(bytes, number);
        return new ConversationId(bytes);
    }

    private static int NumberOf(ConversationId source) => BitConverter.ToInt32(source.ToArray());
}
