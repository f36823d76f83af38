using System.Buffers;
using System.Text;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class PlainBufferTests
{
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

    // Looks at each size that a link rents, and at as many of each as the pool may keep for this thread and this core.
    private static bool IsInAnyBuffer(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<byte[]> rented = [.. new[] { 2048, 4096, 65_536 }.SelectMany(size => Enumerable.Range(0, 40).Select(_ => ArrayPool<byte>.Shared.Rent(size)))];
        var isIn = rented.Exists(buffer => buffer.AsSpan().IndexOf(bytes) >= 0);
        rented.ForEach(buffer => ArrayPool<byte>.Shared.Return(buffer));
        return isIn;
    }
}
