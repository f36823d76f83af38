using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>What is just allowed, and what is just too much.</summary>
public sealed class LinkLimitTests
{
    [Fact]
    public void Name_id_and_handshakes_of_the_greatest_length_open_a_channel()
    {
        var (name, handshake) = (new string('p', 255), new string('h', 4096));
        var pair = LinkPair.Established();
        var mine = pair.Initiator.Open(name, new byte[255], handshake);
        pair.Run();
        var request = pair.Responder.Only<LinkEffect.ChannelRequested>();
        request.Channel.Protocol.ShouldBe(name);
        request.Channel.Id.Length.ShouldBe(255);
        request.RemoteHandshake.Length.ShouldBe(4096);
        pair.Responder.Accept(request.Channel, handshake).ShouldBeTrue();
        pair.Run();
        mine.State.ShouldBe(LinkChannelState.Open);
        pair.Initiator.Only<LinkEffect.ChannelOpened>().RemoteHandshake.Length.ShouldBe(4096);
    }

    [Fact]
    public void An_id_or_a_handshake_that_is_a_byte_longer_is_the_owners_mistake()
    {
        var handshake = new string('h', 4097);
        var pair = LinkPair.Established();
        Should.Throw<ArgumentException>(() => pair.Initiator.Open("p", new byte[256])).ParamName.ShouldBe("id");
        Should.Throw<ArgumentException>(() => pair.Initiator.Open("p", [], handshake)).ParamName.ShouldBe("handshake");
        pair.Initiator.Open("p", []);
        pair.Run();
        var request = pair.Responder.Only<LinkEffect.ChannelRequested>().Channel;
        Should.Throw<ArgumentException>(() => pair.Responder.Accept(request, handshake)).ParamName.ShouldBe("handshake");
        pair.Responder.Accept(request).ShouldBeTrue();
    }

    [Fact]
    public void A_request_cannot_be_accepted_beyond_the_channels_that_are_allowed()
    {
        var pair = LinkPair.Established(responder: new LinkOptions { MaxChannels = 1 });
        pair.Responder.Open("own", []);
        pair.Initiator.Open("p", []);
        pair.Run();
        var request = pair.Responder.Only<LinkEffect.ChannelRequested>().Channel;
        pair.Responder.Machine.CanOpen.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => pair.Responder.Accept(request));
        request.State.ShouldBe(LinkChannelState.Requested);
    }

    [Fact]
    public void Channels_that_were_closed_or_rejected_count_no_longer()
    {
        var one = new LinkOptions { MaxChannels = 1 };
        var pair = LinkPair.Established(one, one);
        for (byte i = 0; i < 5; i++)
        {
            var (mine, theirs) = pair.OpenChannel("p", i);
            pair.Initiator.Machine.CanOpen.ShouldBeFalse();
            pair.Initiator.Machine.ChannelCount.ShouldBe(1);
            pair.Initiator.CloseChannel(mine);
            pair.Run();
            theirs.RemoteId.ShouldBe(0);
            pair.Initiator.Machine.ChannelCount.ShouldBe(0);
            pair.Responder.Machine.ChannelCount.ShouldBe(0);

            pair.Initiator.Open("q", [i]);
            pair.Run();
            var request = pair.Responder.Effects.OfType<LinkEffect.ChannelRequested>().Last().Channel;
            request.Id.ToArray().ShouldBe([i]);
            pair.Responder.Machine.Reject(request, pair.Responder.Now, pair.Responder);
            pair.Run();
            pair.Initiator.Machine.CanOpen.ShouldBeTrue();
            pair.Initiator.Machine.ChannelCount.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 11, false)]
    public void Messages_may_wait_up_to_the_bound_each_counted_with_512_bytes_more(int first, int second, bool expected)
    {
        var pair = LinkPair.Established(responder: new LinkOptions { MaxPendingBytes = 2 * (512 + 10) });
        SendBeforeTheAnswer(pair, 0, first, second);
        var request = pair.Responder.Only<LinkEffect.ChannelRequested>().Channel;
        pair.Responder.Accept(request).ShouldBe(expected);
        pair.Responder.Messages.Count.ShouldBe(expected ? 2 : 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_makes_room_for_the_messages_that_wait_next(bool isAccepted)
    {
        var pair = LinkPair.Established(responder: new LinkOptions { MaxPendingBytes = 2 * (512 + 10) });
        for (byte i = 0; i < 5; i++)
        {
            SendBeforeTheAnswer(pair, i, 10, 10);
            var request = pair.Responder.Effects.OfType<LinkEffect.ChannelRequested>().Last().Channel;
            request.State.ShouldBe(LinkChannelState.Requested);
            if (isAccepted)
            {
                pair.Responder.Accept(request).ShouldBeTrue();
            }
            else
            {
                pair.Responder.Machine.Reject(request, pair.Responder.Now, pair.Responder);
            }

            request.Pending.ShouldBeNull();
        }

        pair.Responder.Messages.Count.ShouldBe(isAccepted ? 10 : 0);
    }

    [Fact]
    public void What_waited_is_not_kept_once_the_link_has_ended()
    {
        var pair = LinkPair.Established();
        SendBeforeTheAnswer(pair, 0, 10);
        var request = pair.Responder.Only<LinkEffect.ChannelRequested>().Channel;
        request.Pending.ShouldNotBeNull();
        pair.Responder.Machine.EndStream(pair.Responder);
        request.Pending.ShouldBeNull();
    }

    [Fact]
    public void An_id_of_65535_is_wrong_only_because_those_before_it_are_free()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex("0001fdffff" + "0178" + "00");
        peer.Remote.Closed!.Reason.ShouldBe(LinkCloseReason.InvalidChannelId);
    }

    [Fact]
    public void A_type_beyond_31_bits_is_ignored()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex("000101017800");
        peer.Remote.Accept(peer.Remote.Only<LinkEffect.ChannelRequested>().Channel);
        peer.SendHex("01" + "feffffff7f" + "61");
        peer.SendHex("01" + "fe00000080" + "62");
        peer.SendHex("01" + "ff0000000001000000" + "63");
        peer.Remote.Messages.Select(m => (m.Type, m.Text)).ShouldBe([(int.MaxValue, "a")]);
        peer.Remote.Closed.ShouldBeNull();
    }

    // A frame of 64 KiB holds 65,516 bytes of plaintext; before the payload stand two zeros, the channel, three bytes of length and the type.
    [Theory]
    [InlineData(65_516 - 7, false)]
    [InlineData(65_516 - 6, true)]
    public void A_corked_message_that_just_fits_a_batch_waits_and_a_longer_one_goes_at_once(int size, bool goes)
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var before = pair.Initiator.Writes;
        pair.Initiator.Machine.Cork();
        pair.Initiator.Send(mine, 0, new string('q', size));
        (pair.Initiator.Writes - before).ShouldBe(goes ? 1 : 0);
        pair.Initiator.Uncork();
        (pair.Initiator.Writes - before).ShouldBe(1);
        pair.Run();
        pair.Responder.Messages.ShouldHaveSingleItem().Text.Length.ShouldBe(size);
    }

    // The first one takes 105 bytes: two zeros, the channel, its length, its type and 100. For the second one seven are set aside.
    [Theory]
    [InlineData(65_516 - 105 - 7, 0, 1)]
    [InlineData(65_516 - 105 - 6, 1, 2)]
    [InlineData(65_516 - 7, 1, 2)]
    [InlineData(65_516 - 6, 2, 2)]
    public void A_batch_is_sent_when_the_next_message_does_not_fit_which_waits_in_turn_if_it_can(int size, int expected, int expectedInTheEnd)
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var before = pair.Initiator.Writes;
        pair.Initiator.Machine.Cork();
        pair.Initiator.Send(mine, 0, new string('q', 100));
        pair.Initiator.Send(mine, 0, new string('r', size));
        (pair.Initiator.Writes - before).ShouldBe(expected);
        pair.Initiator.Uncork();
        (pair.Initiator.Writes - before).ShouldBe(expectedInTheEnd);
        pair.Run();
        pair.Responder.Messages.Select(m => m.Text.Length).ShouldBe([100, size]);
    }

    private static void SendBeforeTheAnswer(LinkPair pair, byte id, params int[] sizes)
    {
        var mine = pair.Initiator.Open("p", [id]);
        foreach (var size in sizes)
        {
            pair.Initiator.Send(mine, 0, new string('x', size));
        }

        pair.Run();
    }
}
