using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class LinkTimerTests
{
    [Fact]
    public void An_idle_link_sends_an_empty_frame_at_each_interval()
    {
        var pair = LinkPair.Established();
        for (var i = 0; i < 2; i++)
        {
            var end = pair.Initiator;
            end.Now = end.Machine.Deadline;
            end.Now.ShouldBe(new Instant((i + 1) * 15_000_000));
            end.Machine.HandleDeadline(end.Now, end);
            var frame = end.TakeOutput();
            frame.Length.ShouldBe(3 + 17);
            pair.Responder.Now = end.Now;
            pair.Responder.Receive(frame);
        }

        pair.Responder.Messages.ShouldBeEmpty();
        pair.Responder.Closed.ShouldBeNull();
    }

    [Fact]
    public void Sending_puts_the_keep_alive_off()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        pair.Initiator.Now += TimeSpan.FromSeconds(3);
        pair.Initiator.Send(mine, 0, "x");
        pair.Initiator.Now += TimeSpan.FromSeconds(3);
        pair.Initiator.Machine.Deadline.ShouldBe(new Instant(15_000_000));
        pair.Initiator.Send(mine, 0, "x");
        pair.Initiator.Machine.Deadline.ShouldBe(new Instant(20_000_000));
    }

    [Theory]
    [InlineData(3_000_000)]
    [InlineData(3_000_001)]
    [InlineData(4_999_999)]
    public void Links_that_fall_idle_within_the_same_five_seconds_are_served_at_once(long lastWrite)
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        pair.Initiator.Now = new Instant(lastWrite);
        pair.Initiator.Send(mine, 0, "x");
        pair.Initiator.Machine.Deadline.ShouldBe(new Instant(15_000_000));
    }

    [Fact]
    public void Silence_closes_the_link_and_any_byte_puts_that_off()
    {
        var pair = LinkPair.Established(initiator: new LinkOptions { KeepAlive = null });
        var end = pair.Initiator;
        end.Machine.Deadline.ShouldBe(new Instant(1_000_000) + TimeSpan.FromSeconds(30));
        end.Now += TimeSpan.FromSeconds(29);
        pair.Responder.Now = end.Now;
        pair.Responder.Machine.HandleDeadline(end.Now, pair.Responder);
        end.Receive(pair.Responder.TakeOutput());
        end.Now += TimeSpan.FromSeconds(29);
        end.Machine.HandleDeadline(end.Now, end);
        end.Closed.ShouldBeNull();
        end.Now = end.Machine.Deadline;
        end.Machine.HandleDeadline(end.Now, end);
        end.Closed!.Reason.ShouldBe(LinkCloseReason.ReceiveTimeout);
    }

    [Fact]
    public void A_frame_that_hardly_grows_closes_the_link_however_much_trickles_in() =>
        TimeUntilGivenUp(pieceEverySecond: 4).ShouldBe(TimeSpan.FromSeconds(37.5), TimeSpan.FromSeconds(1));

    [Fact]
    public void A_frame_that_grows_slowly_is_given_up_in_the_end() =>
        TimeUntilGivenUp(pieceEverySecond: 1024).ShouldBe(TimeSpan.FromSeconds(37.5 + 128), TimeSpan.FromSeconds(1));

    // A frame of 4 MiB is announced.
    private static TimeSpan TimeUntilGivenUp(int pieceEverySecond)
    {
        var end = LinkPair.Established().Initiator;
        var began = end.Now;
        end.Receive([0, 0, 64]);
        while (end.Closed is null)
        {
            end.Now += TimeSpan.FromSeconds(1);
            end.Machine.HandleDeadline(end.Now, end);
            end.Receive(new byte[pieceEverySecond]);
            (end.Now - began).ShouldBeLessThan(TimeSpan.FromMinutes(5));
        }

        end.Closed!.Reason.ShouldBe(LinkCloseReason.FrameTimeout);
        return end.Now - began;
    }

    [Fact]
    public void A_frame_of_32_KiB_has_a_second_more_and_ends_the_link_at_that_very_moment()
    {
        var end = LinkPair.Established(initiator: new LinkOptions { KeepAlive = null }).Initiator;
        var began = end.Now;
        end.Receive([0, 128, 0]);
        end.Now = began + TimeSpan.FromSeconds(2);
        end.Receive(new byte[4096]);
        end.Now = began + TimeSpan.FromSeconds(20);
        end.Receive(new byte[1]);
        end.Now = began + TimeSpan.FromSeconds(38.5);
        end.Machine.Deadline.ShouldBe(end.Now);
        end.Machine.HandleDeadline(end.Now, end);
        end.Closed!.Reason.ShouldBe(LinkCloseReason.FrameTimeout);
    }

    [Fact]
    public void A_frame_has_grown_when_4_KiB_more_are_there_and_no_byte_less()
    {
        var end = LinkPair.Established(initiator: new LinkOptions { KeepAlive = null }).Initiator;
        var began = end.Now;
        end.Receive([0, 0, 64]);
        Receive(20, 4095);
        end.Machine.Deadline.ShouldBe(began + TimeSpan.FromSeconds(37.5));
        Receive(30, 1);
        Receive(50, 1);
        end.Machine.Deadline.ShouldBe(began + TimeSpan.FromSeconds(30 + 37.5));

        void Receive(int seconds, int bytes)
        {
            end.Now = began + TimeSpan.FromSeconds(seconds);
            end.Receive(new byte[bytes]);
        }
    }

    [Fact]
    public void A_frame_that_took_long_to_arrive_shortens_nothing_once_it_is_there()
    {
        var pair = LinkPair.Established(initiator: new LinkOptions { KeepAlive = null });
        var (_, theirs) = pair.OpenChannel();
        pair.Responder.Send(theirs, 0, "x");
        var bytes = pair.Responder.TakeOutput();
        var end = pair.Initiator;
        var began = end.Now;
        end.Receive(bytes.AsSpan(0, 4));
        end.Now = began + TimeSpan.FromSeconds(20);
        end.Receive(bytes.AsSpan(4));
        end.Messages.Single().Text.ShouldBe("x");
        end.Machine.Deadline.ShouldBe(began + TimeSpan.FromSeconds(50));
    }

    [Fact]
    public void The_shortest_interval_is_kept_to_the_microsecond()
    {
        var pair = new LinkPair(initiator: new LinkOptions { KeepAlive = TimeSpan.FromMicroseconds(2) });
        pair.Initiator.Now = new Instant(1_000_001);
        pair.Initiator.Start();
        pair.Run();
        pair.Initiator.Machine.Deadline.ShouldBe(new Instant(1_000_003));
    }

    [Fact]
    public void Both_timers_can_be_off()
    {
        var pair = LinkPair.Established(initiator: new LinkOptions { KeepAlive = null, ReceiveTimeout = null });
        pair.Initiator.Machine.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (var options in new[]
        {
            new LinkOptions { HandshakeTimeout = TimeSpan.Zero },
            new LinkOptions { KeepAlive = TimeSpan.Zero },
            new LinkOptions { ReceiveTimeout = TimeSpan.FromSeconds(-1) },
            new LinkOptions { MaxFrameBody = 1 << 24 },
            new LinkOptions { MaxFrameBody = 10 },
            new LinkOptions { MaxChannels = 0 },
            new LinkOptions { MaxPendingBytes = -1 },
        })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => new LinkEnd(true, 1, options));
        }
    }
}
