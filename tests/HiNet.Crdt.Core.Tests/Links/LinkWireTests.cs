using System.Text;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>The plaintexts inside the frames, byte for byte, and what is done with wrong ones.</summary>
public sealed class LinkWireTests
{
    [Fact]
    public void Channel_messages_have_the_bytes_of_the_vectors()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        var end = peer.Remote;
        var first = end.Open("hinet/test", [0x0a, 0x0b], "hi");
        var second = end.Open("hinet/other", []);
        peer.Take().ShouldBe([LinkVectors.Channel("open id 1"), LinkVectors.Channel("open id 2")]);

        end.Send(first, 0, "one");
        end.Send(first, 1, "");
        peer.Take().ShouldBe([LinkVectors.Channel("message type 0"), LinkVectors.Channel("empty message")]);

        end.Machine.Cork();
        end.Send(first, 0, "two");
        end.Send(first, 1, "three");
        end.Send(second, 0, "four");
        end.CloseChannel(second);
        end.TakeOutput().ShouldBeEmpty();
        end.Uncork();
        peer.Take().ShouldBe([LinkVectors.Channel("batch")]);

        end.CloseChannel(first);
        peer.Take().ShouldBe([LinkVectors.Channel("close of 1")]);

        peer.SendHex("0001010178" + "00");
        end.Machine.Reject(end.Only<LinkEffect.ChannelRequested>().Channel, end.Now, end);
        peer.Take().ShouldBe([LinkVectors.Channel("reject")]);
    }

    [Fact]
    public void The_vectors_are_understood_as_what_they_say()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        var end = peer.Remote;
        end.During = effect =>
        {
            if (effect is LinkEffect.ChannelRequested request)
            {
                end.Accept(request.Channel);
            }
        };
        foreach (var what in new[] { "open id 1", "open id 2", "message type 0", "empty message", "batch", "close of 1" })
        {
            peer.SendHex(LinkVectors.Channel(what));
        }

        end.Messages.Select(m => (m.Channel.Protocol, m.Type, m.Text)).ShouldBe(
        [
            ("hinet/test", 0, "one"), ("hinet/test", 1, ""), ("hinet/test", 0, "two"), ("hinet/test", 1, "three"), ("hinet/other", 0, "four"),
        ]);
        end.Effects.OfType<LinkEffect.ChannelClosed>().Select(c => c.Channel.Protocol).ShouldBe(["hinet/other", "hinet/test"]);
        end.Closed.ShouldBeNull();
    }

    [Fact]
    public void One_corked_message_goes_out_as_a_plain_message()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        var channel = peer.Remote.Open("hinet/test", [0x0a, 0x0b], "hi");
        peer.Take();
        foreach (var size in new[] { 0, 3, 251, 252, 300, 65000 })
        {
            var text = new string('z', size);
            peer.Remote.Machine.Cork();
            peer.Remote.Send(channel, 5, text);
            peer.Remote.Uncork();
            peer.Take().ShouldBe(["0105" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))]);
        }

        peer.Remote.Machine.Cork();
        peer.Remote.Uncork();
        peer.Take().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("00", LinkCloseReason.MalformedMessage)]
    [InlineData("fd01", LinkCloseReason.MalformedMessage)]
    [InlineData("0001", LinkCloseReason.MalformedMessage)]
    [InlineData("000101", LinkCloseReason.MalformedMessage)]
    [InlineData("00010105", LinkCloseReason.MalformedMessage)]
    [InlineData("0001010500", LinkCloseReason.MalformedMessage)]
    [InlineData("ffffffffffffffffff01", LinkCloseReason.MalformedMessage)]
    [InlineData("000101017805aa", LinkCloseReason.MalformedMessage)]
    [InlineData("0002", LinkCloseReason.MalformedMessage)]
    [InlineData("0003", LinkCloseReason.MalformedMessage)]
    [InlineData("0000", LinkCloseReason.MalformedBatch)]
    [InlineData("000001fd", LinkCloseReason.MalformedBatch)]
    [InlineData("00000100", LinkCloseReason.MalformedBatch)]
    [InlineData("000001050001", LinkCloseReason.MalformedBatch)]
    [InlineData("00000101fd", LinkCloseReason.MalformedBatch)]
    [InlineData("0000000300010000", LinkCloseReason.MalformedBatch)]
    [InlineData("0000000100", LinkCloseReason.MalformedBatch)]
    [InlineData("0001000178" + "00", LinkCloseReason.InvalidChannelId)]
    [InlineData("0001020178" + "00", LinkCloseReason.InvalidChannelId)]
    [InlineData("0001fe000001000178" + "00", LinkCloseReason.TooManyChannels)]
    public void A_wrong_plaintext_closes_the_link_with_its_reason(string plaintext, LinkCloseReason reason)
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex(plaintext);
        peer.Remote.Closed!.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("000000" + "fd", "a batch with a broken length")]
    [InlineData("000000" + "00fd", "a batch with a broken channel")]
    [InlineData("000000" + "050001", "a batch with a message of 5 bytes beyond its end")]
    public void A_batch_that_is_cut_off_is_told_by_what_it_lacks(string plaintext, string expected)
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex(plaintext);
        peer.Remote.Closed!.Detail.ShouldBe(expected);
    }

    [Fact]
    public void An_unknown_control_message_touches_no_channel()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex("000101017800");
        var channel = peer.Remote.Only<LinkEffect.ChannelRequested>().Channel;
        peer.SendHex("000901");
        peer.SendHex("000401");
        channel.State.ShouldBe(LinkChannelState.Requested);
        peer.Take().ShouldBeEmpty();
    }

    [Fact]
    public void An_id_that_is_in_use_closes_the_link()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex("000101017800");
        peer.SendHex("000101017900");
        peer.Remote.Closed!.Reason.ShouldBe(LinkCloseReason.InvalidChannelId);
    }

    [Theory]
    [InlineData("0101aa")] // a channel that never was
    [InlineData("fdffff00")] // far beyond any channel
    [InlineData("000205")] // reject of what we never opened
    [InlineData("000200")] // reject of the control channel
    [InlineData("000300")] // close of the control channel
    [InlineData("000307")] // close of what never was
    [InlineData("000901")] // an unknown control message
    [InlineData("0009")] // one that has no id
    [InlineData("00000003" + "020101" + "00010102")] // a batch of such
    [InlineData("")] // a keep-alive
    public void What_is_merely_not_meant_for_us_is_ignored(string plaintext)
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex(plaintext);
        peer.Remote.Closed.ShouldBeNull();
        peer.Take().ShouldBeEmpty();
        peer.SendHex("000101017800");
        peer.Remote.Only<LinkEffect.ChannelRequested>();
    }

    [Fact]
    public void Names_and_handshakes_out_of_bounds_are_rejected_without_a_request()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex("00010100" + "00"); // no name
        peer.SendHex("00010102c328" + "00"); // no UTF-8
        peer.SendHex("000101fd0001" + new string('7', 512) + "00"); // 256 bytes of name
        peer.SendHex("0001010178" + "fd0001" + new string('7', 512)); // 256 bytes of id
        peer.SendHex("0001010178" + "00" + new string('7', 2 * (LinkOptions.MaxChannelHandshake + 1)));
        peer.Take().ShouldBe(Enumerable.Repeat("000201", 5));
        peer.Remote.Effects.OfType<LinkEffect.ChannelRequested>().ShouldBeEmpty();
        peer.Remote.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_second_open_of_a_live_channel_is_rejected()
    {
        var peer = new RawPeer(new LinkEnd(false, 2));
        peer.SendHex("000101017800");
        peer.SendHex("000102017800");
        peer.Take().ShouldBe(["000202"]);
    }

    [Fact]
    public void A_frame_longer_than_allowed_is_refused_before_its_body()
    {
        var options = new LinkOptions { MaxFrameBody = 1000 };
        foreach (var length in new[] { 0, 16, 1001, 16777215 })
        {
            var peer = new RawPeer(new LinkEnd(false, 2, options));
            peer.Remote.Receive([(byte)length, (byte)(length >> 8), (byte)(length >> 16)]);
            peer.Remote.Closed!.Reason.ShouldBe(LinkCloseReason.InvalidFrameLength);
        }
    }

    [Fact]
    public void Frames_repeated_left_out_or_swapped_close_the_link()
    {
        byte[][] Sealed(RawPeer peer) => [peer.Seal([1, 0, 1]), peer.Seal([1, 0, 2]), peer.Seal([1, 0, 3])];
        foreach (var order in new int[][] { [0, 0], [1], [0, 2], [1, 0] })
        {
            var peer = new RawPeer(new LinkEnd(false, 2));
            var frames = Sealed(peer);
            foreach (var index in order)
            {
                peer.Remote.Receive(frames[index]);
            }

            peer.Remote.Closed!.Reason.ShouldBe(LinkCloseReason.FrameNotAuthentic);
        }
    }
}
