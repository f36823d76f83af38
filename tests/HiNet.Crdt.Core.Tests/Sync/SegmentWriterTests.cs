using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Sync;

public sealed class SegmentWriterTests
{
    [Fact]
    public void A_number_finds_room_wherever_the_memory_for_a_message_ends()
    {
        // The second entry is older than the first: the difference of their times takes ten bytes.
        var first = Make(1, TestKeys.Entry("the entry before"), hlc: 1_000, new byte[3_700]);
        for (var length = first.Body!.Value.Length; length < 4_100; length++)
        {
            first = Make(1, TestKeys.Entry("the entry before"), hlc: 1_000, new byte[length]);
            var second = Make(2, first.Id, hlc: 999, [1]);
            var writer = new SegmentWriter();
            writer.Write(new SignedRun(first.Header.Device, [first, second], new byte[64]));
            var reader = new SegmentReader(TestKeys.Sodium, SegmentGenerators.Conversation, writer.Written.Span);
            reader.Read().ShouldNotBeNull().Entries.Select(entry => entry.Id).ShouldBe([first.Id, second.Id]);
        }
    }

    private static Entry Make(ulong seq, EntryId previous, ulong hlc, byte[] body) => Entry.CreateWithBody(
        TestKeys.Sodium,
        new EntryHeader
        {
            Conversation = SegmentGenerators.Conversation,
            Device = TestKeys.Device("phone"),
            Seq = seq,
            Previous = previous,
            Hlc = new HybridTimestamp(hlc),
            Depth = seq,
            Authority = TestKeys.Named("authority"),
            Kind = EntryKind.Message,
            Epoch = TestKeys.Entry("epoch"),
        },
        body);
}
