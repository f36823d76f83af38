using System.Collections.Concurrent;
using HiNet.Crdt.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace HiNet.Crdt.Tests.Events;

public sealed class ConversationEventHubTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly ConversationId Conversation = new(Enumerable.Repeat((byte)7, 32).ToArray());

    private readonly ToyLog _log = new();
    private readonly ConversationEventHub _hub;

    public ConversationEventHubTests() => _hub = new ConversationEventHub(() => _log, NullLogger.Instance);

    [Fact]
    public async Task Nothing_is_left_out_or_repeated_while_entries_come_in()
    {
        Append(1_001);
        var seen = new ConcurrentQueue<ulong>();
        using var subscription = _hub.Observe(Conversation, new EventCursor(100)).Subscribe(e => seen.Enqueue(e.Cursor.Position));
        Append(20_000);
        await Until.TrueAsync(() => seen.Count >= 10_450);

        seen.ShouldBe(Enumerable.Range(51, 10_450).Select(i => (ulong)(2 * i)));
        _log.LargestPage.ShouldBeLessThanOrEqualTo(256);
    }

    [Fact]
    public async Task Without_a_cursor_only_what_comes_later_is_delivered()
    {
        Append(10);
        var seen = new ConcurrentQueue<ulong>();
        using var subscription = _hub.Observe(Conversation, null).Subscribe(e => seen.Enqueue(e.Cursor.Position));
        Append(2);
        await Until.TrueAsync(() => seen.Count == 1);
        seen.ShouldBe([12UL]);
    }

    [Fact]
    public async Task A_slow_observer_delays_nobody_and_catches_up_from_the_log()
    {
        using var release = new ManualResetEventSlim();
        var slow = 0;
        var fast = 0;
        using var a = _hub.Observe(Conversation, EventCursor.Start).Subscribe(_ =>
        {
            release.Wait(Patience);
            Interlocked.Increment(ref slow);
        });
        using var b = _hub.Observe(Conversation, EventCursor.Start).Subscribe(_ => Interlocked.Increment(ref fast));
        Append(4_000);
        await Until.TrueAsync(() => Volatile.Read(ref fast) == 2_000);
        Volatile.Read(ref slow).ShouldBe(0);
        release.Set();
        await Until.TrueAsync(() => Volatile.Read(ref slow) == 2_000);
    }

    [Fact]
    public async Task An_observer_that_throws_ends_only_its_own_subscription()
    {
        var calls = 0;
        var others = 0;
        using var a = _hub.Observe(Conversation, null).Subscribe(_ =>
        {
            calls++;
            throw new InvalidOperationException("the host's own defect");
        });
        using var b = _hub.Observe(Conversation, null).Subscribe(_ => Interlocked.Increment(ref others));
        Append(10);
        await Until.TrueAsync(() => Volatile.Read(ref others) == 5);
        await _hub.CompleteAsync(Patience);
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_log_that_breaks_ends_the_subscription_and_not_the_process()
    {
        _log.IsBroken = true;
        using var subscription = _hub.Observe(Conversation, null).Subscribe(_ => { });
        await _hub.CompleteAsync(Patience).WaitAsync(Patience / 2);

        var seen = 0;
        _log.IsBroken = false;
        Append(10);
        var hub = new ConversationEventHub(() => _log, NullLogger.Instance);
        using var later = hub.Observe(Conversation, EventCursor.Start).Subscribe(_ => Interlocked.Increment(ref seen));
        await Until.TrueAsync(() => Volatile.Read(ref seen) == 5);
    }

    [Fact]
    public async Task Unsubscribing_from_within_the_observer_is_the_last_it_hears()
    {
        var seen = new List<ulong>();
        IDisposable? subscription = null;
        var ready = new TaskCompletionSource();
        subscription = _hub.Observe(Conversation, null).Subscribe(e =>
        {
            ready.Task.Wait(Patience);
            seen.Add(e.Cursor.Position);
            subscription!.Dispose();
        });
        ready.SetResult();
        Append(100);
        await _hub.CompleteAsync(Patience);
        seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Completion_comes_behind_everything_that_was_published()
    {
        var seen = 0;
        var completedAt = -1;
        using var subscription = _hub.Observe(Conversation, EventCursor.Start).Subscribe(_ => seen++, () => completedAt = seen);
        Append(2_000);
        await _hub.CompleteAsync(Patience);
        await Until.TrueAsync(() => Volatile.Read(ref completedAt) == 1_000);

        var late = false;
        using var after = _hub.Observe(Conversation, EventCursor.Start).Subscribe(_ => { }, () => late = true);
        late.ShouldBeTrue();
    }

    [Fact]
    public async Task Completion_asked_for_by_an_observer_does_not_wait_for_itself()
    {
        var done = new TaskCompletionSource();
        using var subscription = _hub.Observe(Conversation, null).Subscribe(_ =>
        {
            _hub.CompleteAsync(Patience).GetAwaiter().GetResult();
            done.TrySetResult();
        });
        Append(2);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_for_a_while_costs_nothing_but_time()
    {
        var seen = new ConcurrentQueue<ulong>();
        using var subscription = _hub.Observe(Conversation, EventCursor.Start).Subscribe(e => seen.Enqueue(e.Cursor.Position));
        _log.IsUnreadable = true;
        Append(4);
        _log.IsUnreadable = false;
        Append(2);
        await Until.TrueAsync(() => seen.Count == 3);
        seen.ShouldBe([2UL, 4UL, 6UL]);
    }

    private void Append(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _hub.Publish(Conversation, _log.Append());
        }
    }
}
