using System.Collections.Concurrent;
using System.IO.Pipelines;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Tests;

/// <summary>Real nodes, on loopback sockets and on streams.</summary>
public sealed class TwoNodesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Two_people_meet_over_tcp_by_an_invite_and_talk_in_order()
    {
        await using var alice = await HiNetNode.StartAsync(
            new HiNetOptions { Store = new InMemoryStore(), Name = "Alice", Listen = "127.0.0.1:0" });
        await using var bob = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Bob" });
        var contact = await bob.AddContactAsync(await alice.CreateInviteAsync());
        contact.Id.ShouldBe(alice.Self.Id);
        await Until.TrueAsync(() => alice.Contacts.Any(known => known.Id == bob.Self.Id));
        bob.GetStatus().Peers.ShouldBe([alice.Node]);

        await ExchangeAsync(alice, bob);
    }

    [Fact]
    public async Task Two_nodes_talk_over_a_pair_of_pipes()
    {
        await using var alice = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Alice" });
        await using var bob = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Bob" });
        var there = new Pipe();
        var back = new Pipe();
        var a = alice.AttachAsync(new DuplexStream(there.Reader.AsStream(), back.Writer.AsStream()), isInitiator: false);
        var b = bob.AttachAsync(new DuplexStream(back.Reader.AsStream(), there.Writer.AsStream()), isInitiator: true);
        await bob.AddContactAsync(await alice.CreateInviteAsync());
        await Until.TrueAsync(() => alice.Contacts.Any(known => known.Id == bob.Self.Id));

        await ExchangeAsync(alice, bob);
        await bob.DisposeAsync();
        await Task.WhenAll(a, b).WaitAsync(Patience);
    }

    [Fact]
    public async Task What_was_sent_is_there_after_a_restart_and_replays_from_a_cursor()
    {
        var store = new InMemoryStore();
        ConversationId id;
        await using (var node = await HiNetNode.StartAsync(new HiNetOptions { Store = store }))
        {
            var notes = await node.OpenDirectAsync(node.Self.Id);
            id = notes.Id;
            for (var i = 0; i < 300; i++)
            {
                await notes.SendAsync($"{i}");
            }
        }

        await using var again = await HiNetNode.StartAsync(new HiNetOptions { Store = store });
        var found = again.FindConversation(id).ShouldNotBeNull();
        again.Conversations.ShouldBe([found]);
        found.ReadPage(1_000).Select(message => message.Text).ShouldBe(Enumerable.Range(0, 300).Select(i => $"{i}"));

        var texts = new ConcurrentQueue<string>();
        var cursors = new ConcurrentQueue<EventCursor>();
        using (found.EventsFrom(EventCursor.Start).Subscribe(e => Add(e, texts, cursors)))
        {
            await found.SendAsync("300");
            await Until.TrueAsync(() => texts.Count == 301);
        }

        texts.ShouldBe(Enumerable.Range(0, 301).Select(i => $"{i}"));
        var middle = cursors.ElementAt(149);
        var rest = new ConcurrentQueue<string>();
        using var second = found.EventsFrom(middle).Subscribe(e => Add(e, rest, cursors));
        await Until.TrueAsync(() => rest.Count == 151);
        rest.First().ShouldBe("150");
    }

    [Fact]
    public async Task A_refusal_is_one_sentence_of_the_nodes_own()
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore() });
        var refusal = await Should.ThrowAsync<OperationRefusedException>(() => node.AddContactAsync("not an invite"));
        refusal.Message.ShouldEndWith(".");
    }

    private static async Task ExchangeAsync(HiNetNode alice, HiNetNode bob)
    {
        const int count = 500;
        var toAlice = await bob.OpenDirectAsync(alice.Self.Id);
        var toBob = await alice.OpenDirectAsync(bob.Self.Id);
        toBob.Id.ShouldBe(toAlice.Id);
        var heard = new ConcurrentQueue<string>();
        using var subscription = toBob.Events.Subscribe(e => Add(e, heard, []));
        var sent = await Task.WhenAll(Enumerable.Range(0, count).Select(i => toAlice.SendAsync($"{i}"))).WaitAsync(Patience);

        sent.Select(message => message.Id).Distinct().Count().ShouldBe(count);
        await Until.TrueAsync(() => heard.Count == count);
        heard.ShouldBe(Enumerable.Range(0, count).Select(i => $"{i}"));
        await toBob.SendAsync("back to you");
        await Until.TrueAsync(() => toAlice.ReadPage(1) is [{ Text: "back to you" }]);
        await Until.TrueAsync(() => toBob.GetStatus().StateHash == toAlice.GetStatus().StateHash);
        await Until.TrueAsync(() => toAlice.Find(sent[^1].Id)!.State == MessageState.Delivered);
    }

    private static void Add(ConversationEvent happened, ConcurrentQueue<string> texts, ConcurrentQueue<EventCursor> cursors)
    {
        if (happened is MessageAdded message)
        {
            texts.Enqueue(message.Text);
            cursors.Enqueue(message.Cursor);
        }
    }
}
