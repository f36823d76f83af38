using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Sync;

/// <summary>
/// <c>specs/vectors/segments.json</c>, both ways. After a change of format that was decided:
/// <c>HINET_WRITE_VECTORS=1 dotnet test tests/HiNet.Crdt.Core.Tests --filter SegmentVectorTests</c>, and read the difference.
/// </summary>
public sealed class SegmentVectorTests
{
    private static readonly VectorFile s_file = new("segments.json");

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(SegmentVectors.Build());

    [Fact]
    public void Every_message_reads_as_it_says()
    {
        foreach (var vector in s_file.Read()["messages"]!.AsArray().Select(node => node!))
        {
            var reader = new SegmentReader(TestKeys.Sodium, new ConversationId(vector.Bytes32("conversation")), vector.Bytes("bytes"));
            foreach (var run in vector["runs"]!.AsArray().Select(node => node!))
            {
                var read = reader.Read().ShouldNotBeNull(vector.Text("what"));
                read.Device.Value.ShouldBe(run.Bytes32("device"));
                Hex.Of(read.Signature).ShouldBe(run.Text("signature"));
                EntrySignature.Verify(TestKeys.Sodium, read.Device, read.Last.Id, read.Signature.Span).ShouldBeTrue();
                read.Entries.Select(e => Hex.Of(e.HeaderBytes)).ShouldBe(run["headers"]!.AsArray().Select(h => h!.GetValue<string>()));
                read.Entries.Select(e => e.Body is { } body ? Hex.Of(body) : null)
                    .ShouldBe(run["bodies"]!.AsArray().Select(b => b?.GetValue<string>()));
            }

            reader.Read().ShouldBeNull();
            reader.IsMalformed.ShouldBeFalse();
        }
    }

    [Fact]
    public void Every_malformed_message_is_refused()
    {
        foreach (var vector in s_file.Read()["malformed"]!.AsArray().Select(node => node!))
        {
            var reader = new SegmentReader(TestKeys.Sodium, new ConversationId(vector.Bytes32("conversation")), vector.Bytes("bytes"));
            while (reader.Read() is not null)
            {
            }

            reader.IsMalformed.ShouldBeTrue(vector.Text("what"));
        }
    }
}
