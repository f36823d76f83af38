using System.Buffers;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class FrameReaderTests
{
    private static readonly byte[] s_headerOf4MiB = [0, 0, 64];

    private FrameReader _reader;

    [Fact]
    public void A_frame_that_lies_in_the_input_as_a_whole_is_a_slice_of_it()
    {
        ReadOnlySpan<byte> bytes = RawPeer.Frame([7, 8, 9]);
        var input = bytes;
        _reader.Read(ref input, 1, 10, out var body).ShouldBe(FrameReader.Status.Complete);
        body.ToArray().ShouldBe([7, 8, 9]);
        body.Overlaps(bytes).ShouldBeTrue();
        input.IsEmpty.ShouldBeTrue();
        _reader.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void Room_for_a_body_grows_with_what_has_arrived_and_not_with_what_was_announced()
    {
        _reader.KeptBytes.ShouldBe(0);
        KeptAfter(s_headerOf4MiB).ShouldBe(0);
        KeptAfter(new byte[1]).ShouldBe(4096);
        KeptAfter(new byte[1]).ShouldBe(4096);
        KeptAfter(new byte[4094]).ShouldBe(4096);
        KeptAfter(new byte[1]).ShouldBe(8192);
        KeptAfter(new byte[20_000]).ShouldBe(32_768);
    }

    [Fact]
    public void What_was_collected_moves_into_larger_room_frame_after_frame()
    {
        for (byte round = 1; round <= 3; round++)
        {
            var expected = new byte[10_000];
            Array.Fill(expected, round);
            ReadOnlySpan<byte> bytes = RawPeer.Frame(expected);
            var first = bytes[..4003];
            _reader.Read(ref first, 1, FrameReader.MaxLength, out _).ShouldBe(FrameReader.Status.Incomplete);
            var second = bytes[4003..];
            _reader.Read(ref second, 1, FrameReader.MaxLength, out var body).ShouldBe(FrameReader.Status.Complete);
            body.ToArray().ShouldBe(expected);
        }
    }

    [Fact]
    public void The_room_of_a_frame_is_given_back_before_the_next_one_is_collected()
    {
        ReadOnlySpan<byte> bytes = [.. RawPeer.Frame(new byte[100_000]), .. s_headerOf4MiB, 1];
        var input = bytes[..50_000];
        _reader.Read(ref input, 1, FrameReader.MaxLength, out _).ShouldBe(FrameReader.Status.Incomplete);
        input = bytes[50_000..];
        _reader.Read(ref input, 1, FrameReader.MaxLength, out _).ShouldBe(FrameReader.Status.Complete);
        _reader.KeptBytes.ShouldBe(131_072);
        _reader.Read(ref input, 1, FrameReader.MaxLength, out _).ShouldBe(FrameReader.Status.Incomplete);
        _reader.KeptBytes.ShouldBe(4096);
    }

    [Fact]
    public void Idle_room_is_what_holds_nothing_of_a_frame()
    {
        KeptAfter([0, 16, 0, 1]).ShouldBe(4096);
        _reader.ReleaseIdle();
        _reader.KeptBytes.ShouldBe(4096);
        KeptAfter(new byte[4095]).ShouldBe(4096);
        _reader.ReleaseIdle();
        _reader.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void A_frame_has_begun_with_its_first_byte_and_ends_with_its_last()
    {
        _reader.IsWithinFrame.ShouldBeFalse();
        foreach (var value in new byte[] { 2, 0, 0, 7 })
        {
            KeptAfter([value]);
            _reader.IsWithinFrame.ShouldBeTrue();
        }

        KeptAfter([8]);
        _reader.IsWithinFrame.ShouldBeFalse();
    }

    [Fact]
    public void Room_that_is_outgrown_or_released_goes_back_to_the_pool()
    {
        var small = NextOfPool(4096);
        KeptAfter([.. s_headerOf4MiB, 1]).ShouldBe(4096);
        var large = NextOfPool(8192);
        KeptAfter(new byte[4096]).ShouldBe(8192);
        NextOfPool(4096).ShouldBeSameAs(small);
        _reader.Release();
        NextOfPool(8192).ShouldBeSameAs(large);
    }

    private long KeptAfter(ReadOnlySpan<byte> input)
    {
        _reader.Read(ref input, 1, FrameReader.MaxLength, out _);
        input.IsEmpty.ShouldBeTrue();
        return _reader.KeptBytes;
    }

    // What this thread gave back last is what it is given first.
    private static byte[] NextOfPool(int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        ArrayPool<byte>.Shared.Return(buffer);
        return buffer;
    }
}
