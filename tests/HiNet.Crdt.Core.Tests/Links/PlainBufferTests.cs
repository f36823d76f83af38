using System.Buffers;
using System.Text;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class PlainBufferTests
{
    // Those that the pool has from the start. What it makes anew is not zeroed: it may lie where a string lay that was collected.
    private readonly HashSet<byte[]> _clean;

    public PlainBufferTests()
    {
        var rented = RentMany();
        rented.ForEach(buffer => buffer.AsSpan().Clear());
        _clean = [.. rented];
        rented.ForEach(buffer => ArrayPool<byte>.Shared.Return(buffer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_went_over_a_link_lies_in_no_buffer_that_is_rented_next(bool isCorked)
    {
        var text = string.Concat(Enumerable.Repeat(Guid.NewGuid().ToString("N"), 60));
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        if (isCorked)
        {
            pair.Initiator.Machine.Cork();
        }

        pair.Initiator.Send(mine, 0, text);
        pair.Initiator.Send(mine, 0, text);
        if (isCorked)
        {
            pair.Initiator.Uncork();
        }

        pair.Run();

        pair.Responder.Messages.Count.ShouldBe(2);
        IsInAnyBuffer(text[..32]).ShouldBeFalse();
    }

    [Fact]
    public void What_was_gathered_when_a_link_ended_lies_in_no_buffer_that_is_rented_next()
    {
        var text = string.Concat(Enumerable.Repeat(Guid.NewGuid().ToString("N"), 60));
        var pair = LinkPair.Established();
        var (mine, _) = pair.OpenChannel();
        pair.Initiator.Machine.Cork();
        pair.Initiator.Send(mine, 0, text);
        pair.Initiator.Machine.EndStream(pair.Initiator);

        IsInAnyBuffer(text[..32]).ShouldBeFalse();
    }

    private bool IsInAnyBuffer(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var rented = RentMany();
        var isIn = rented.Exists(buffer => _clean.Contains(buffer) && buffer.AsSpan().IndexOf(bytes) >= 0);
        rented.ForEach(buffer => ArrayPool<byte>.Shared.Return(buffer));
        return isIn;
    }

    // Each size that a link rents, and as many of each as the pool keeps for this thread and this core.
    private static List<byte[]> RentMany() =>
        [.. new[] { 2048, 4096, 65_536 }.SelectMany(size => Enumerable.Range(0, 40).Select(_ => ArrayPool<byte>.Shared.Rent(size)))];
}
