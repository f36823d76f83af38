using System.Text;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class LinkChannelTests
{
    [Fact]
    public void A_requested_channel_is_accepted_and_carries_messages_both_ways()
    {
        var pair = LinkPair.Established();
        var mine = pair.Initiator.Open("hinet/test", [1, 2], "hello");
        mine.State.ShouldBe(LinkChannelState.Opening);
        pair.Run();
        var request = pair.Responder.Only<LinkEffect.ChannelRequested>();
        request.Channel.Protocol.ShouldBe("hinet/test");
        request.Channel.Id.ToArray().ShouldBe([1, 2]);
        Encoding.UTF8.GetString(request.RemoteHandshake.Span).ShouldBe("hello");

        pair.Responder.Accept(request.Channel, "welcome").ShouldBeTrue();
        pair.Run();
        var opened = pair.Initiator.Only<LinkEffect.ChannelOpened>();
        opened.Channel.ShouldBeSameAs(mine);
        Encoding.UTF8.GetString(opened.RemoteHandshake.Span).ShouldBe("welcome");
        Encoding.UTF8.GetString(pair.Responder.Only<LinkEffect.ChannelOpened>().RemoteHandshake.Span).ShouldBe("hello");

        pair.Initiator.Send(mine, 0, "ping").ShouldBeTrue();
        pair.Responder.Send(request.Channel, 300, "pong").ShouldBeTrue();
        pair.Run();
        pair.Responder.Messages.ShouldBe([(request.Channel, 0, "ping")]);
        pair.Initiator.Messages.ShouldBe([(mine, 300, "pong")]);
    }

    [Fact]
    public void Channels_that_both_sides_open_pair_at_once()
    {
        var pair = LinkPair.Established();
        pair.OpenChannel("hinet/test", 1);
        pair.Initiator.Effects.OfType<LinkEffect.ChannelRequested>().ShouldBeEmpty();
        pair.Responder.Effects.OfType<LinkEffect.ChannelRequested>().ShouldBeEmpty();
    }

    [Fact]
    public void Opening_what_the_remote_has_requested_accepts_it()
    {
        var pair = LinkPair.Established();
        var mine = pair.Initiator.Open("p", []);
        pair.Run();
        var theirs = pair.Responder.Open("p", []);
        theirs.ShouldBeSameAs(pair.Responder.Only<LinkEffect.ChannelRequested>().Channel);
        pair.Run();
        mine.State.ShouldBe(LinkChannelState.Open);
    }

    [Fact]
    public void Protocol_and_id_tell_channels_apart()
    {
        var pair = LinkPair.Established();
        var channels = new[] { pair.OpenChannel("a", 1), pair.OpenChannel("a", 2), pair.OpenChannel("a"), pair.OpenChannel("b", 1) };
        for (var i = 0; i < channels.Length; i++)
        {
            pair.Initiator.Send(channels[i].Initiator, i, $"m{i}");
        }

        pair.Run();
        pair.Responder.Messages.ShouldBe(channels.Select((c, i) => (c.Responder, i, $"m{i}")));
    }

    [Fact]
    public void A_reject_ends_one_channel_and_not_the_link()
    {
        var pair = LinkPair.Established();
        var (good, _) = pair.OpenChannel("good");
        var bad = pair.Initiator.Open("unknown", [7]);
        pair.Run();
        pair.Responder.Machine.Reject(pair.Responder.Only<LinkEffect.ChannelRequested>().Channel, pair.Responder.Now, pair.Responder);
        pair.Run();
        pair.Initiator.Only<LinkEffect.ChannelRejected>().Channel.ShouldBeSameAs(bad);
        bad.State.ShouldBe(LinkChannelState.Closed);
        pair.Initiator.Send(bad, 0, "x").ShouldBeFalse();
        pair.Initiator.Send(good, 0, "still here");
        pair.Run();
        pair.Responder.Messages.Single().Text.ShouldBe("still here");
        pair.Initiator.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_close_ends_one_channel_at_both_sides_and_its_ids_are_used_again()
    {
        var pair = LinkPair.Established();
        for (var round = 0; round < 100; round++)
        {
            var (mine, theirs) = pair.OpenChannel("p", 1);
            var (closer, channel, other, peer) = round % 2 == 0
                ? (pair.Initiator, mine, pair.Responder, theirs)
                : (pair.Responder, theirs, pair.Initiator, mine);
            closer.CloseChannel(channel);
            other.Send(peer, 0, "crosses the close");
            pair.Run();
            peer.State.ShouldBe(LinkChannelState.Closed);
            other.Effects.OfType<LinkEffect.ChannelClosed>().Last().Channel.ShouldBeSameAs(peer);
            closer.Messages.ShouldBeEmpty();
            mine.LocalId.ShouldBe(0);
            pair.Initiator.Machine.ChannelCount.ShouldBe(0);
        }

        var (last, _) = pair.OpenChannel("p", 1);
        last.LocalId.ShouldBe(1);
    }

    [Fact]
    public void Closes_that_cross_each_other_leave_nothing_behind()
    {
        var pair = LinkPair.Established();
        var (mine, theirs) = pair.OpenChannel("p");
        pair.Initiator.CloseChannel(mine);
        pair.Responder.CloseChannel(theirs);
        pair.Run();
        pair.OpenChannel("p");
        pair.Initiator.Closed.ShouldBeNull();
        pair.Responder.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_channel_closed_before_its_answer_does_not_take_the_answer_of_the_next()
    {
        var pair = LinkPair.Established();
        var first = pair.Initiator.Open("p", [1], "first");
        pair.Initiator.CloseChannel(first);
        var second = pair.Initiator.Open("p", [1], "second");
        second.LocalId.ShouldBe(2);
        pair.Run();
        var requests = pair.Responder.Effects.OfType<LinkEffect.ChannelRequested>().ToArray();
        requests.Length.ShouldBe(2);
        requests[0].Channel.State.ShouldBe(LinkChannelState.Closed);
        pair.Responder.Accept(requests[0].Channel).ShouldBeFalse();
        pair.Responder.Accept(requests[1].Channel).ShouldBeTrue();
        pair.Run();
        second.State.ShouldBe(LinkChannelState.Open);
        first.LocalId.ShouldBe(0);
    }

    [Fact]
    public void A_channel_closed_while_the_remotes_own_open_is_under_way_ends_at_both()
    {
        var pair = LinkPair.Established();
        var mine = pair.Initiator.Open("p", []);
        var theirs = pair.Responder.Open("p", []);
        pair.Initiator.CloseChannel(mine);
        pair.Run();
        theirs.State.ShouldBe(LinkChannelState.Closed);
        pair.Initiator.Machine.ChannelCount.ShouldBe(0);
        pair.Responder.Machine.ChannelCount.ShouldBe(0);
        pair.OpenChannel("p");
    }

    [Fact]
    public void Messages_sent_before_the_answer_wait_for_it_in_order()
    {
        var pair = LinkPair.Established();
        var mine = pair.Initiator.Open("p", []);
        pair.Initiator.Send(mine, 0, "one");
        pair.Initiator.Send(mine, 1, "two");
        pair.Run();
        pair.Responder.Messages.ShouldBeEmpty();
        pair.Responder.Accept(pair.Responder.Only<LinkEffect.ChannelRequested>().Channel);
        pair.Responder.Messages.Select(m => (m.Type, m.Text)).ShouldBe([(0, "one"), (1, "two")]);
    }

    [Fact]
    public void A_channel_whose_waiting_messages_exceed_the_bound_is_rejected_alone()
    {
        var pair = LinkPair.Established();
        var mine = pair.Initiator.Open("p", []);
        for (var i = 0; i < 40; i++)
        {
            pair.Initiator.Send(mine, 0, new string('x', 512));
        }

        pair.Run();
        pair.Initiator.Only<LinkEffect.ChannelRejected>().Channel.ShouldBeSameAs(mine);
        pair.Responder.Only<LinkEffect.ChannelClosed>();
        pair.Responder.Accept(pair.Responder.Only<LinkEffect.ChannelRequested>().Channel).ShouldBeFalse();
        pair.OpenChannel("other");
    }

    [Fact]
    public void More_channels_than_allowed_are_rejected_one_by_one()
    {
        var pair = LinkPair.Established(responder: new LinkOptions { MaxChannels = 3 });
        for (byte i = 0; i < 5; i++)
        {
            pair.Initiator.Open("p", [i]);
        }

        pair.Run();
        pair.Responder.Effects.OfType<LinkEffect.ChannelRequested>().Count().ShouldBe(3);
        pair.Initiator.Effects.OfType<LinkEffect.ChannelRejected>().Count().ShouldBe(2);
        pair.Responder.Effects.OfType<LinkEffect.ChannelRequested>().ToList().ForEach(r => pair.Responder.Accept(r.Channel));
        pair.Responder.Machine.CanOpen.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => pair.Responder.Open("q", []));
    }

    [Fact]
    public void Channels_close_with_their_link_before_the_stream()
    {
        var pair = LinkPair.Established();
        var (a, _) = pair.OpenChannel("a");
        var (b, _) = pair.OpenChannel("b");
        pair.Initiator.Effects.Clear();
        pair.Initiator.Machine.Close(LinkCloseReason.Requested, "bye", pair.Initiator.Now, pair.Initiator);
        pair.Initiator.Effects.ShouldBe(
        [
            new LinkEffect.ChannelClosed(a),
            new LinkEffect.ChannelClosed(b),
            new LinkEffect.CloseStream(LinkCloseReason.Requested, "bye"),
        ]);
        pair.Initiator.Send(a, 0, "late").ShouldBeFalse();
    }

    [Fact]
    public void The_owner_may_answer_and_close_from_within_effects()
    {
        var pair = LinkPair.Established();
        pair.Responder.During = effect =>
        {
            switch (effect)
            {
                case LinkEffect.ChannelRequested request:
                    pair.Responder.Accept(request.Channel);
                    break;
                case LinkEffect.MessageReceived { Type: 9 }:
                    pair.Responder.Machine.Close(LinkCloseReason.Requested, "asked to", pair.Responder.Now, pair.Responder);
                    break;
                case LinkEffect.MessageReceived message:
                    pair.Responder.Machine.Send(message.Channel, 1, message.Payload.Span, pair.Responder.Now, pair.Responder);
                    break;
            }
        };
        var mine = pair.Initiator.Open("echo", []);
        pair.Initiator.Machine.Cork();
        for (var i = 0; i < 3; i++)
        {
            pair.Initiator.Send(mine, 0, $"m{i}");
        }

        pair.Initiator.Uncork();
        pair.Run();
        pair.Initiator.Messages.Select(m => m.Text).ShouldBe(["m0", "m1", "m2"]);
        pair.Initiator.Machine.Cork();
        pair.Initiator.Send(mine, 9, "stop");
        pair.Initiator.Send(mine, 0, "after");
        pair.Initiator.Uncork();
        pair.Run();
        pair.Responder.Closed!.Detail.ShouldBe("asked to");
        pair.Responder.Messages.Last().Text.ShouldBe("stop");
    }

    [Fact]
    public void The_owners_own_mistakes_throw()
    {
        var end = new LinkEnd(true, 1);
        Should.Throw<InvalidOperationException>(() => end.Open("early", []));
        Should.Throw<InvalidOperationException>(end.Uncork);
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel("p");
        Should.Throw<InvalidOperationException>(() => pair.Initiator.Open("p", []));
        Should.Throw<InvalidOperationException>(() => pair.Initiator.Accept(mine));
        Should.Throw<ArgumentException>(() => pair.Initiator.Open(new string('p', 256), []));
        Should.Throw<ArgumentException>(() => pair.Initiator.Machine.Send(mine, -1, [], pair.Initiator.Now, pair.Initiator));
        Should.Throw<ArgumentException>(() => pair.Initiator.Machine.Send(mine, 0, new byte[LinkOptions.MaxPayload + 1], pair.Initiator.Now, pair.Initiator));
    }

    [Fact]
    public void Inputs_forward_to_the_methods()
    {
        var pair = new LinkPair();
        void Handle(LinkEnd end, LinkInput input) => end.Machine.Handle(input, end.Now, end);
        Handle(pair.Initiator, new LinkInput.Started());
        Handle(pair.Responder, new LinkInput.BytesReceived(pair.Initiator.TakeOutput()));
        pair.Run();
        Handle(pair.Initiator, new LinkInput.OpenChannel("p", new byte[] { 1 }, default));
        pair.Run();
        var theirs = pair.Responder.Only<LinkEffect.ChannelRequested>().Channel;
        Handle(pair.Responder, new LinkInput.AcceptChannel(theirs, default));
        pair.Run();
        var mine = pair.Initiator.Only<LinkEffect.ChannelOpened>().Channel;
        Handle(pair.Initiator, new LinkInput.Corked());
        Handle(pair.Initiator, new LinkInput.SendMessage(mine, 4, "x"u8.ToArray()));
        Handle(pair.Initiator, new LinkInput.Uncorked());
        pair.Run();
        pair.Responder.Messages.ShouldBe([(theirs, 4, "x")]);
        Handle(pair.Initiator, new LinkInput.CloseChannel(mine));
        pair.Run();
        Handle(pair.Responder, new LinkInput.CloseLink(LinkCloseReason.Requested, "done"));
        Handle(pair.Initiator, new LinkInput.StreamEnded());
        pair.Responder.Closed!.Reason.ShouldBe(LinkCloseReason.Requested);
        pair.Initiator.Closed!.Reason.ShouldBe(LinkCloseReason.StreamEnded);
    }

    [Fact]
    public void A_message_is_kept_no_longer_than_it_takes_to_hand_it_over()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        LinkEffect.MessageReceived? last = null;
        pair.Responder.During = effect => last = effect as LinkEffect.MessageReceived ?? last;
        foreach (var text in new[] { "the first", "the second, for which the effect is used again" })
        {
            pair.Initiator.Send(mine, 7, text);
            pair.Run();
            pair.Responder.Messages[^1].Text.ShouldBe(text);
            last.ShouldNotBeNull().Payload.IsEmpty.ShouldBeTrue();
        }
    }
}
