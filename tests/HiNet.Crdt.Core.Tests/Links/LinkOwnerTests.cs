using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>What the owner may do from within effects and after the end, and what a link tells of itself.</summary>
public sealed class LinkOwnerTests
{
    [Fact]
    public void Bytes_cannot_be_fed_from_within_an_effect_of_earlier_ones()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var refused = 0;
        pair.Responder.During = effect =>
        {
            if (effect is LinkEffect.MessageReceived)
            {
                Should.Throw<InvalidOperationException>(() => pair.Responder.Receive([1]));
                refused++;
            }
        };
        for (var i = 0; i < 2; i++)
        {
            pair.Initiator.Send(mine, 0, "x");
            pair.Run();
        }

        refused.ShouldBe(2);
        pair.Responder.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_request_is_gone_when_the_link_ends_while_its_answer_is_written()
    {
        var pair = LinkPair.Established();
        pair.Initiator.Open("p", []);
        pair.Run();
        var request = pair.Responder.Only<LinkEffect.ChannelRequested>().Channel;
        pair.Responder.During = EndWhen<LinkEffect.SendBytes>(pair.Responder);
        pair.Responder.Accept(request).ShouldBeFalse();
        pair.Responder.Effects.OfType<LinkEffect.ChannelOpened>().ShouldBeEmpty();
        pair.Responder.Effects[^1].ShouldBeOfType<LinkEffect.CloseStream>();
    }

    [Fact]
    public void A_link_that_ends_while_a_full_batch_is_sent_sends_nothing_more()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var end = pair.Initiator;
        end.Machine.Cork();
        end.Send(mine, 0, new string('a', 40_000));
        end.During = EndWhen<LinkEffect.SendBytes>(end);
        var before = end.Writes;
        end.Send(mine, 0, new string('b', 100_000));
        (end.Writes - before).ShouldBe(1);
        end.Closed.ShouldNotBeNull();
    }

    [Fact]
    public void A_link_that_ends_with_more_gathered_while_a_full_batch_is_sent_takes_what_comes_after()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var end = pair.Initiator;
        end.Machine.Cork();
        end.Send(mine, 0, new string('a', 40_000));
        end.During = effect =>
        {
            if (effect is LinkEffect.SendBytes)
            {
                end.Send(mine, 0, new string('b', 50_000));
                end.Machine.EndStream(end);
            }
        };
        var before = end.Writes;
        end.Send(mine, 0, new string('c', 40_000));
        end.Uncork();
        (end.Writes - before).ShouldBe(1);
        end.Machine.Dispose();
        end.Machine.KeptBytes.ShouldBe(1024);
    }

    [Theory]
    [InlineData(1)] // free again, now that the link has ended
    [InlineData(2)]
    public void A_link_that_ends_within_a_batch_says_nothing_of_the_rest(int next)
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.Remote.During = EndWhen<LinkEffect.ChannelRequested>(peer.Remote);
        peer.SendHex("000000" + "06" + "010101780061" + "06" + $"010{next}01790062");
        peer.Remote.Only<LinkEffect.ChannelRequested>().Channel.Protocol.ShouldBe("x");
        peer.Remote.Effects[^1].ShouldBeOfType<LinkEffect.CloseStream>();
        peer.Remote.TakeOutput().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0003" + "01")]
    [InlineData("000000" + "02" + "0301")]
    public void A_link_that_ends_when_a_request_is_withdrawn_answers_no_more(string plaintext)
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex("000101017800");
        peer.Remote.During = EndWhen<LinkEffect.ChannelClosed>(peer.Remote);
        peer.SendHex(plaintext);
        peer.Remote.Closed!.Reason.ShouldBe(LinkCloseReason.StreamEnded);
        peer.Remote.TakeOutput().ShouldBeEmpty();
        peer.Remote.Machine.KeptBytes.ShouldBe(1024);
    }

    [Fact]
    public void A_link_that_has_ended_says_so_and_counts_nothing_more()
    {
        var pair = LinkPair.Established();
        var machine = pair.Initiator.Machine;
        (machine.IsEstablished, machine.IsClosed).ShouldBe((true, false));
        machine.EndStream(pair.Initiator);
        (machine.IsEstablished, machine.IsClosed).ShouldBe((false, true));
        var received = machine.BytesReceived;
        pair.Initiator.Receive([1, 2, 3]);
        machine.BytesReceived.ShouldBe(received);
    }

    [Fact]
    public void A_link_that_was_disposed_sends_and_takes_nothing()
    {
        var pair = LinkPair.Established();
        var (mine, theirs) = pair.OpenChannel();
        pair.Initiator.Machine.Dispose();
        pair.Initiator.Machine.IsClosed.ShouldBeTrue();
        pair.Initiator.Machine.Deadline.ShouldBe(Instant.Never);
        pair.Initiator.Send(mine, 0, "x").ShouldBeFalse();
        pair.Initiator.TakeOutput().ShouldBeEmpty();
        pair.Responder.Send(theirs, 0, "y");
        pair.Run();
        pair.Initiator.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_are_counted_in_both_directions()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var (sent, received) = (pair.Initiator.Machine.BytesSent, pair.Responder.Machine.BytesReceived);
        received.ShouldBe(sent);
        sent.ShouldBeGreaterThan(0);
        pair.Initiator.Send(mine, 0, "four");
        pair.Run();
        pair.Initiator.Machine.BytesSent.ShouldBe(sent + 3 + 17 + 2 + 4);
        pair.Responder.Machine.BytesReceived.ShouldBe(received + 3 + 17 + 2 + 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_request_that_the_owner_rejects_or_closes_is_answered_once(bool isClosed)
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        var end = peer.Remote;
        peer.SendHex("000101017800");
        var request = end.Only<LinkEffect.ChannelRequested>().Channel;
        LinkInput input = isClosed ? new LinkInput.CloseChannel(request) : new LinkInput.RejectChannel(request);
        end.Machine.Handle(input, end.Now, end);
        end.Machine.Handle(input, end.Now, end);
        peer.Take().ShouldBe(["000201"]);
        request.State.ShouldBe(LinkChannelState.Closed);
    }

    [Fact]
    public void An_input_that_opens_or_closes_a_channel_says_which_one()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        var end = peer.Remote;
        end.Machine.Handle(new LinkInput.OpenChannel("p", new byte[] { 1, 2 }, new byte[] { 3 }), end.Now, end);
        peer.Take().ShouldBe(["0001" + "01" + "0170" + "020102" + "03"]);
        peer.SendHex("0001" + "01" + "0170" + "020102");
        end.Machine.Handle(new LinkInput.CloseChannel(end.Only<LinkEffect.ChannelOpened>().Channel), end.Now, end);
        peer.Take().ShouldBe(["000301"]);
    }

    [Fact]
    public void A_reject_of_a_channel_that_was_closed_before_is_not_told()
    {
        var pair = LinkPair.Established();
        pair.Initiator.CloseChannel(pair.Initiator.Open("p", []));
        pair.Run();
        pair.Responder.Effects.OfType<LinkEffect.ChannelClosed>().ShouldHaveSingleItem();
        pair.Initiator.Effects.ShouldHaveSingleItem().ShouldBeOfType<LinkEffect.LinkEstablished>();
        pair.Initiator.Machine.CanOpen.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "the stream ended")]
    [InlineData("01", "the stream ended within a frame")]
    [InlineData("00100007", "the stream ended within a frame")]
    public void The_end_of_the_stream_tells_whether_a_frame_was_cut_off(string received, string expected)
    {
        var pair = LinkPair.Established();
        pair.Initiator.Receive(Convert.FromHexString(received));
        pair.Initiator.Machine.EndStream(pair.Initiator);
        pair.Initiator.Closed!.Detail.ShouldBe(expected);
    }

    private static Action<LinkEffect> EndWhen<T>(LinkEnd end)
        where T : LinkEffect => effect =>
        {
            if (effect is T)
            {
                end.Machine.EndStream(end);
            }
        };
}
