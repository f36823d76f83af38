using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class LinkBatchTests
{
    [Fact]
    public void Corked_messages_of_several_channels_arrive_in_order_in_few_frames()
    {
        var pair = LinkPair.Established();
        var a = pair.OpenChannel("a");
        var b = pair.OpenChannel("b");
        var before = pair.Initiator.Writes;
        pair.Initiator.Machine.Cork();
        pair.Initiator.Machine.Cork();
        var expected = new List<(LinkChannel, int, string)>();
        for (var i = 0; i < 5000; i++)
        {
            var channel = i % 3 == 0 ? b : a;
            var text = $"message {i} {new string('.', i % 200)}";
            pair.Initiator.Send(channel.Initiator, i % 400, text);
            expected.Add((channel.Responder, i % 400, text));
        }

        pair.Initiator.Uncork();
        pair.Initiator.Uncork();
        var bytes = expected.Sum(m => m.Item3.Length);
        (pair.Initiator.Writes - before).ShouldBeLessThanOrEqualTo((bytes / 60_000) + 2);
        pair.Run();
        pair.Responder.Messages.ShouldBe(expected);
    }

    [Fact]
    public void A_large_message_under_a_cork_keeps_its_place()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var sizes = new[] { 10, 65_490, 65_500, 65_510, 65_516, 20, 100_000, 30, LinkOptions.MaxPayload, 40 };
        pair.Initiator.Machine.Cork();
        foreach (var size in sizes)
        {
            pair.Initiator.Send(mine, 0, new string('q', size));
        }

        pair.Initiator.Uncork();
        pair.Run();
        pair.Responder.Messages.Select(m => m.Text.Length).ShouldBe(sizes);
    }

    [Fact]
    public void No_batch_exceeds_64_KiB_on_the_stream()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        var longest = 0;
        pair.Initiator.During = effect => longest = effect is LinkEffect.SendBytes send ? Math.Max(longest, send.Bytes.Length) : longest;
        pair.Initiator.Machine.Cork();
        for (var size = 1; size < 1500; size++)
        {
            pair.Initiator.Send(mine, 0, new string('q', size));
        }

        pair.Initiator.Uncork();
        longest.ShouldBeInRange(63 * 1024, 64 * 1024);
    }

    [Fact]
    public void Answers_to_a_batch_go_out_as_a_batch()
    {
        var pair = LinkPair.Established();
        pair.Responder.During = effect =>
        {
            if (effect is LinkEffect.ChannelRequested request)
            {
                pair.Responder.Accept(request.Channel);
            }
        };
        pair.Initiator.Machine.Cork();
        for (byte i = 0; i < 200; i++)
        {
            pair.Initiator.Open("p", [i]);
        }

        pair.Initiator.Uncork();
        var before = pair.Responder.Writes;
        pair.Run();
        (pair.Responder.Writes - before).ShouldBe(1);
        pair.Initiator.Effects.OfType<LinkEffect.ChannelOpened>().Count().ShouldBe(200);
    }

    [Fact]
    public void Closing_a_link_sends_what_is_corked_first()
    {
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        pair.Initiator.Machine.Cork();
        pair.Initiator.Send(mine, 0, "last words");
        pair.Initiator.Machine.Close(LinkCloseReason.Requested, "", pair.Initiator.Now, pair.Initiator);
        pair.Run();
        pair.Responder.Messages.Single().Text.ShouldBe("last words");
        pair.Initiator.Uncork();
    }
}
