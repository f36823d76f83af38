using System.Runtime.CompilerServices;
using HiNet.Crdt.LocalApi.Contract;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.LocalApi.Tests;

/// <summary>Every operation through a real Unix socket gives what it gives in the node's own process.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public async Task The_node_and_its_contacts_arrive_whole()
    {
        await using var served = await ServedNode.StartAsync();
        var node = await served.Client.GetNodeAsync();
        node.ShouldBe(new NodeInfo(
            served.Node.Self.Id.ToString(), "alice", served.Node.Device.ToString(), served.Node.Node.ToString(), "127.0.0.1:4000"));
        (await served.Client.CreateInviteAsync(["127.0.0.1:1"])).Invite.ShouldBe("hinet:alice+127.0.0.1:1");
        (await served.Client.CreateInviteAsync(uses: 7)).Invite.ShouldBe("hinet:alice*7");
        var bob = await served.Client.AddContactAsync("hinet:bob", "Bobby");
        bob.Name.ShouldBe("Bobby");
        (await served.Client.GetContactsAsync()).ShouldBe([bob]);
        await served.Client.LinkAsync("127.0.0.1:4001");
        served.Links.Linked.ShouldBe(["127.0.0.1:4001"]);
        var status = await served.Client.GetStatusAsync();
        status.Problem.ShouldBeNull();
        status.Conversations.ShouldBe(0);
    }

    [Fact]
    public async Task A_conversation_is_found_by_id_by_prefix_and_by_name()
    {
        await using var served = await ServedNode.StartAsync();
        await served.Client.AddContactAsync("hinet:bob", null);
        var team = (await served.Client.CreateGroupAsync("team & co / 1", ["bob"])).Conversation;
        foreach (var reference in new[] { team, team[..6], team[..20].ToUpperInvariant(), "team & co / 1" })
        {
            (await served.Client.GetMembersAsync(reference)).Select(m => m.Name).ShouldBe(["alice", "bob"]);
        }

        var direct = await served.Client.OpenDirectAsync("bob");
        var list = await served.Client.GetConversationsAsync();
        list.Select(c => (c.Conversation, c.Kind)).ShouldBe([(team, "group"), (direct.Conversation, "direct")]);
    }

    [Fact]
    public async Task An_invitation_to_a_group_is_listed_and_accepted_or_declined_by_name_and_by_prefix()
    {
        await using var served = await ServedNode.StartAsync();
        var bob = served.Node.AddContact("bob", "Bob");
        var team = served.Node.Invite("team & co", bob, 3);
        var other = served.Node.Invite("other", bob, 0);
        (await served.Client.GetInvitationsAsync()).ShouldBe(
        [
            new InvitationInfo(team.Group.ToString(), "team & co", bob.Id.ToString(), 3, "Bob", DateTimeOffset.UnixEpoch),
            new InvitationInfo(other.Group.ToString(), "other", bob.Id.ToString(), 0, "Bob", DateTimeOffset.UnixEpoch),
        ]);
        (await Should.ThrowAsync<LocalApiException>(() => served.Client.SendAsync("Other", "hello"))).Message.ShouldContain("hinet group accept");
        (await Should.ThrowAsync<LocalApiException>(() => served.Client.SendAsync(other.Group.ToString(), "hello"))).Message.ShouldContain("hinet group accept");
        var joined = await served.Client.AcceptInvitationAsync("TEAM & co");
        (await served.Client.GetConversationsAsync()).ShouldHaveSingleItem().Name.ShouldBe("team & co");
        (await served.Client.DeclineInvitationAsync(other.Group.ToString()[..8])).Conversation.ShouldBe(other.Group.ToString());
        (await served.Client.GetInvitationsAsync()).ShouldBeEmpty();
        var problem = await Should.ThrowAsync<LocalApiException>(() => served.Client.AcceptInvitationAsync("other"));
        (problem.Status, problem.Message).ShouldBe((404, "No invitation to 'other' waits here; see 'hinet invitations', and give a name or the first 6 or more digits of an id."));
        joined.Conversation.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Every_message_operation_shows_in_the_history()
    {
        await using var served = await ServedNode.StartAsync();
        var client = served.Client;
        var team = (await client.CreateGroupAsync("team", [])).Conversation;
        var first = await client.SendAsync(team, "grüße 👋");
        first.State.ShouldBe("stored");
        var answer = await client.ReplyAsync(team, first.Id[..8], "to you too");
        await client.EditAsync(team, answer.Id, "to you, too");
        await client.ReactAsync(team, first.Id, "👍");
        var gone = await client.SendAsync(team, "oops");
        await client.DeleteAsync(team, gone.Id);
        await client.MarkReadAsync(team, answer.Id);

        var history = await client.GetHistoryAsync(team).TakeAsync(10);
        history.Select(m => m.Text).ShouldBe(["grüße 👋", "to you, too", null]);
        history[0].Reactions.ShouldHaveSingleItem().Emoji.ShouldBe("👍");
        history[1].ReplyTo.ShouldBe(first.Id);
        history[1].Edited.ShouldBeTrue();
        history[2].Deleted.ShouldBeTrue();
        (await client.GetHistoryAsync(team, 1).TakeAsync(10)).ShouldHaveSingleItem().Id.ShouldBe(gone.Id);
        (await client.GetHistoryAsync(team, 1, gone.Id).TakeAsync(10)).ShouldHaveSingleItem().Id.ShouldBe(answer.Id);
        var status = await client.GetConversationStatusAsync(team);
        status.Entries.ShouldBe(3);
        status.Frontier[served.Node.Device.ToString()].ShouldHaveSingleItem().Seq.ShouldBe(2ul);
    }

    [Fact]
    public async Task Many_messages_keep_their_order_and_get_a_result_each()
    {
        await using var served = await ServedNode.StartAsync();
        var team = (await served.Client.CreateGroupAsync("team", [])).Conversation;
        var texts = Enumerable.Range(0, 5_000).Select(i => $"line {i}").ToList();
        var results = await served.Client.SendManyAsync(team, texts.AsAsync()).TakeAsync(texts.Count + 1);
        results.Count.ShouldBe(texts.Count);
        var history = await served.Client.GetHistoryAsync(team).TakeAsync(texts.Count + 1);
        history.Select(m => m.Text).ShouldBe(texts);
        history.Select(m => m.Id).ShouldBe(results.Select(r => r.Id));
    }

    [Fact]
    public async Task A_refused_text_in_the_middle_keeps_what_came_before_it_and_stops()
    {
        await using var served = await ServedNode.StartAsync();
        var team = (await served.Client.CreateGroupAsync("team", [])).Conversation;
        var results = new List<SentInfo>();
        var refused = await Should.ThrowAsync<LocalApiException>(async () =>
        {
            await foreach (var sent in served.Client.SendManyAsync(team, new[] { "a", "b", new string('x', 70_000), "c" }.AsAsync()))
            {
                results.Add(sent);
            }
        });
        refused.Message.ShouldContain("65,536");
        results.Count.ShouldBe(2);
        (await served.Client.GetHistoryAsync(team).TakeAsync(9)).Select(m => m.Text).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Whoever_stops_listening_while_the_next_text_is_still_typed_is_not_disturbed()
    {
        await using var served = await ServedNode.StartAsync();
        var team = (await served.Client.CreateGroupAsync("team", [])).Conversation;
        (await served.Client.SendManyAsync(team, TypedAsync()).TakeAsync(1)).ShouldHaveSingleItem();
        (await served.Client.GetHistoryAsync(team).TakeAsync(9)).Select(m => m.Text).ShouldBe(["a"]);

        static async IAsyncEnumerable<string> TypedAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return "a";
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield return "b";
        }
    }

    [Fact]
    public async Task A_long_history_comes_page_by_page_in_order_and_complete()
    {
        await using var served = await ServedNode.StartAsync();
        var team = served.Node.Open(ConversationKind.Group, "team", []);
        for (var i = 0; i < 25_000; i++)
        {
            await team.SendAsync($"{i}");
        }

        var all = await served.Client.GetHistoryAsync("team").TakeAsync(30_000);
        all.Select(m => m.Text).ShouldBe(Enumerable.Range(0, 25_000).Select(i => $"{i}"));
        var some = await served.Client.GetHistoryAsync("team", 12_000, all[20_000].Id).TakeAsync(30_000);
        some.Select(m => m.Text).ShouldBe(Enumerable.Range(8_000, 12_000).Select(i => $"{i}"));
    }
}
