using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.LocalApi.Tests.Events;

public sealed class FeedTests
{
    [Fact]
    public async Task A_feed_replays_and_then_follows_without_gap_or_repetition()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("team", []);
        await served.Client.SendAsync("team", "one");
        await served.Client.SendAsync("team", "two");
        await using var feed = await served.Client.WatchAsync("team", null);
        await served.Client.SendAsync("team", "three");
        var events = await feed.ReadAllAsync().TakeAsync(3);
        events.Select(e => (e.Event, e.Cursor, e.Text)).ShouldBe(
            [("message-added", "1", "one"), ("message-added", "2", "two"), ("message-added", "3", "three")]);

        await using var later = await served.Client.WatchAsync("team", events[1].Cursor);
        (await later.ReadAllAsync().TakeAsync(1))[0].Text.ShouldBe("three");
    }

    [Fact]
    public async Task A_live_feed_starts_behind_what_was()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("team", []);
        await served.Client.SendAsync("team", "one");
        await using var feed = await served.Client.WatchAsync("team", "now");
        await served.Client.SendAsync("team", "two");
        (await feed.ReadAllAsync().TakeAsync(1))[0].Text.ShouldBe("two");
    }

    [Fact]
    public async Task A_feed_of_all_conversations_takes_in_those_that_appear_later()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("first", []);
        await using var feed = await served.Client.WatchAsync(null, "now");
        await served.Client.SendAsync("first", "a");
        var second = await served.Client.CreateGroupAsync("second", []);
        await served.Client.SendAsync("second", "b");
        var events = await feed.ReadAllAsync().TakeAsync(2);
        events.Select(e => e.Text).Order().ShouldBe(["a", "b"]);
        events.Single(e => e.Text == "b").Conversation.ShouldBe(second.Conversation);
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_in_order()
    {
        await using var served = await ServedNode.StartAsync();
        var team = served.Node.Open(ConversationKind.Group, "team", []);
        for (var i = 0; i < 20_000; i++)
        {
            await team.SendAsync($"{i}");
        }

        await using var feed = await served.Client.WatchAsync("team", "0");
        var events = await feed.ReadAllAsync().TakeAsync(20_000);
        events.Select(e => e.Text).ShouldBe(Enumerable.Range(0, 20_000).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_reader_that_sleeps_holds_up_nobody_and_gets_all_of_every_conversation_when_it_wakes()
    {
        await using var served = await ServedNode.StartAsync();
        const int Conversations = 60;
        const int Messages = 400;
        List<FakeConversation> groups = [];
        for (var i = 0; i < Conversations; i++)
        {
            groups.Add(served.Node.Open(ConversationKind.Group, $"group {i}", []));
        }

        await using var feed = await served.Client.WatchAsync(null, "now");
        var events = feed.ReadAllAsync(Bounded.Token()).GetAsyncEnumerator();
        await using var _ = events;
        await groups[0].SendAsync("0");
        (await events.MoveNextAsync()).ShouldBeTrue();

        // Nobody reads meanwhile; an observer that waited for room would hold these up.
        for (var i = 0; i < Conversations * Messages; i++)
        {
            await groups[i % Conversations].SendAsync($"{i / Conversations}").WaitAsync(Bounded.Time);
        }

        // Nothing is hoarded for the sleeper either: whoever brought too much was stopped.
        groups.ShouldContain(group => !group.IsObserved);
        var seen = groups.ToDictionary(group => group.Id.ToString(), _ => new List<string>());
        for (var i = 0; i < Conversations * Messages; i++)
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            seen[events.Current.Conversation!].Add(events.Current.Text!);
        }

        seen.Values.ShouldAllBe(texts => texts.SequenceEqual(Enumerable.Range(0, Messages).Select(number => $"{number}")));
    }

    [Fact]
    public async Task A_replay_is_not_read_into_memory_for_a_reader_that_sleeps()
    {
        await using var served = await ServedNode.StartAsync();
        const int Messages = 20_000;
        var team = served.Node.Open(ConversationKind.Group, "team", []);
        for (var i = 0; i < Messages; i++)
        {
            await team.SendAsync($"{i} {new string('x', 1_000)}");
        }

        await using var feed = await served.Client.WatchAsync("team", "0");
        await using var events = feed.ReadAllAsync(Bounded.Token()).GetAsyncEnumerator();
        (await events.MoveNextAsync()).ShouldBeTrue();

        // The subscription is ended for want of room; a replay that was read to its end would go on live, and this wait would run out.
        var limit = Bounded.Token();
        while (team.IsObserved)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit);
        }

        for (var i = 1; i < Messages; i++)
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            events.Current.Text!.ShouldStartWith($"{i} ");
        }
    }

    [Fact]
    public async Task Node_events_have_a_feed_of_their_own()
    {
        await using var served = await ServedNode.StartAsync();
        await using var feed = await served.Client.WatchNodeAsync();
        await served.Client.AddContactAsync("hinet:bob", null);
        var added = (await feed.ReadAllAsync().TakeAsync(1))[0];
        added.Event.ShouldBe("contact-added");
        added.MemberName.ShouldBe("bob");
        added.Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_feed_ends_when_the_node_stops()
    {
        var served = await ServedNode.StartAsync();
        await using var feed = await served.Client.WatchNodeAsync();
        var reading = feed.ReadAllAsync().TakeAsync(1);
        await served.DisposeAsync();
        (await reading.WaitAsync(Bounded.Time)).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_conversations_go_on_each_behind_its_own_cursor_and_new_ones_from_their_beginning()
    {
        await using var served = await ServedNode.StartAsync();
        string[] ids = [(await served.Client.CreateGroupAsync("one", [])).Conversation, (await served.Client.CreateGroupAsync("two", [])).Conversation];
        foreach (var text in new[] { "a", "b", "c" })
        {
            await served.Client.SendAsync("one", $"one {text}");
        }

        await served.Client.SendAsync("two", "two a");
        await using var first = await served.Client.WatchAsync(null, null);
        var seen = (await first.ReadAllAsync().Where(e => e.Text is not null).TakeAsync(4)).ToList();
        var cursor = seen.Single(e => e.Text == "one b").Cursor;
        await using var later = await served.Client.WatchAsync(null, $"{ids[0]}:{cursor}");
        (await later.ReadAllAsync().Where(e => e.Text is not null).TakeAsync(2)).Select(e => e.Text).ShouldBe(["one c", "two a"], ignoreOrder: true);
        foreach (var from in new[] { "7", $"{ids[0]}:x", $"{ids[0]}:1,{ids[0]}:2", $"one:{cursor}", ":1", "," })
        {
            (await Should.ThrowAsync<LocalApiException>(() => served.Client.WatchAsync(null, from))).Status.ShouldBe(400, from);
        }

        (await Should.ThrowAsync<LocalApiException>(() => served.Client.WatchAsync("one", $"{ids[0]}:{cursor}"))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_malformed_cursor_is_refused()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.CreateGroupAsync("team", []);
        (await Should.ThrowAsync<LocalApiException>(() => served.Client.WatchAsync("team", "-3"))).Status.ShouldBe(400);
    }
}
