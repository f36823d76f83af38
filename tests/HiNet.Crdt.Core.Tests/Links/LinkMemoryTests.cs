using System.Buffers;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>What a link keeps in memory and says that it does, and what it gives back.</summary>
public sealed class LinkMemoryTests
{
    private const byte Mark = 0x55;
    private static readonly string s_text = new('t', 3000);

    private readonly LinkPair _pair = LinkPair.Established();

    [Fact]
    public void A_link_tells_what_it_keeps_of_channels_batch_and_frame()
    {
        Kept.ShouldBe(1024);
        var (mine, _) = _pair.OpenChannel("a");
        _pair.OpenChannel("b");
        Kept.ShouldBe(1024 + 400);
        _pair.Initiator.Machine.Cork();
        _pair.Initiator.Send(mine, 0, "x");
        Kept.ShouldBe(1024 + 400 + 65_536);
        _pair.Initiator.Receive([0, 0, 1, 7]);
        Kept.ShouldBe(1024 + 400 + 65_536 + 4096);
        _pair.Initiator.Uncork();
        Kept.ShouldBe(1024 + 400 + 4096);
    }

    [Fact]
    public void The_room_of_a_frame_that_came_in_pieces_is_not_kept()
    {
        var (mine, theirs) = _pair.OpenChannel();
        _pair.Responder.Send(theirs, 0, s_text);
        ReceiveInPieces();
        _pair.Initiator.Messages.ShouldBe([(mine, 0, s_text)]);
        Kept.ShouldBe(1024 + 200);
    }

    [Fact]
    public void A_link_that_ends_while_it_reads_keeps_nothing()
    {
        var (_, theirs) = _pair.OpenChannel();
        _pair.Initiator.During = effect =>
        {
            if (effect is LinkEffect.MessageReceived)
            {
                _pair.Initiator.Machine.Close(LinkCloseReason.Requested, "", _pair.Initiator.Now, _pair.Initiator);
            }
        };
        _pair.Responder.Send(theirs, 0, s_text);
        ReceiveInPieces();
        _pair.Initiator.Closed!.Reason.ShouldBe(LinkCloseReason.Requested);
        Kept.ShouldBe(1024);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_that_ends_within_a_frame_and_a_batch_keeps_nothing(bool isDisposed)
    {
        var (mine, _) = _pair.OpenChannel();
        _pair.Initiator.Machine.Cork();
        _pair.Initiator.Send(mine, 0, "x");
        _pair.Initiator.Receive([0, 0, 1, 7]);
        if (isDisposed)
        {
            _pair.Initiator.Machine.Dispose();
            Kept.ShouldBe(1024 + 200);
        }
        else
        {
            _pair.Initiator.Machine.EndStream(_pair.Initiator);
            Kept.ShouldBe(1024);
        }
    }

    [Fact]
    public void The_plaintext_of_a_lone_message_is_wiped_and_its_room_goes_back()
    {
        var (mine, _) = _pair.OpenChannel();
        ShouldWipe(4096, () => _pair.Initiator.Send(mine, 0, s_text));
    }

    [Fact]
    public void The_plaintext_of_a_batch_is_wiped_and_its_room_goes_back()
    {
        var (mine, _) = _pair.OpenChannel();
        ShouldWipe(65_536, () =>
        {
            _pair.Initiator.Machine.Cork();
            _pair.Initiator.Send(mine, 0, s_text);
            _pair.Initiator.Send(mine, 0, s_text);
            _pair.Initiator.Uncork();
        });
    }

    [Fact]
    public void The_plaintext_of_a_batch_that_is_never_sent_is_wiped_and_its_room_goes_back()
    {
        var (mine, _) = _pair.OpenChannel();
        ShouldWipe(65_536, () =>
        {
            _pair.Initiator.Machine.Cork();
            _pair.Initiator.Send(mine, 0, s_text);
            _pair.Initiator.Machine.EndStream(_pair.Initiator);
        });
    }

    [Fact]
    public void The_plaintext_of_a_frame_that_arrived_is_wiped_and_its_room_goes_back()
    {
        var (mine, _) = _pair.OpenChannel();
        _pair.Initiator.Send(mine, 0, s_text);
        var bytes = _pair.Initiator.TakeOutput();
        ShouldWipe(4096, () => _pair.Responder.Receive(bytes));
        _pair.Responder.Messages.Single().Text.ShouldBe(s_text);
    }

    // 119 bytes of body are in room of 128; what is made of them needs more than that.
    [Fact]
    public void The_room_in_which_an_open_is_written_goes_back()
    {
        var room = NextOfPool(128);
        _pair.Initiator.Open("p", new byte[100], "fifteen letters");
        NextOfPool(128).ShouldBeSameAs(room);
    }

    private long Kept => _pair.Initiator.Machine.KeptBytes;

    private void ReceiveInPieces()
    {
        var bytes = _pair.Responder.TakeOutput();
        _pair.Initiator.Receive(bytes.AsSpan(0, 2000));
        Kept.ShouldBe(1024 + 200 + 4096);
        _pair.Initiator.Receive(bytes.AsSpan(2000));
    }

    // What this thread gave back last is what it is given first.
    private static byte[] NextOfPool(int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        ArrayPool<byte>.Shared.Return(buffer);
        return buffer;
    }

    private static void ShouldWipe(int size, Action action)
    {
        var room = NextOfPool(size);
        Array.Fill(room, Mark);
        action();
        room[..3000].ShouldAllBe(value => value == 0);
        room[^1].ShouldBe(Mark);
        NextOfPool(size).ShouldBeSameAs(room);
    }
}
