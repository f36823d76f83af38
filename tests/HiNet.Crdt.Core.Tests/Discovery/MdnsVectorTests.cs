using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>
/// <c>specs/vectors/mdns.json</c>, both ways. After a change of format that was decided:
/// <c>HINET_WRITE_VECTORS=1 dotnet test tests/HiNet.Crdt.Core.Tests --filter MdnsVectorTests</c>, and read the difference.
/// </summary>
public sealed class MdnsVectorTests
{
    private static readonly VectorFile s_file = new("mdns.json");

    [Fact]
    public void The_code_makes_the_vectors_byte_for_byte() => s_file.ShouldEqual(MdnsVectors.Build());

    [Fact]
    public void Every_message_reads_as_it_says()
    {
        foreach (var vector in s_file.Read()["messages"]!.AsArray().Select(node => node!))
        {
            var read = DnsMessage.Read(vector.Bytes("bytes")).ShouldNotBeNull(vector.Text("what"));
            read.Questions.Select(question => $"{question.Name} {question.Type}").ShouldBe(Texts(vector["questions"]!));
            read.Answers.Select(MdnsVectors.Text).ShouldBe(Texts(vector["answers"]!));
            read.Authorities.Select(MdnsVectors.Text).ShouldBe(Texts(vector["authorities"]!));
            read.Additionals.Select(MdnsVectors.Text).ShouldBe(Texts(vector["additionals"]!));
        }
    }

    [Fact]
    public void Every_malformed_message_is_refused()
    {
        foreach (var vector in s_file.Read()["malformed"]!.AsArray().Select(node => node!))
        {
            DnsMessage.Read(vector.Bytes("bytes")).ShouldBeNull(vector.Text("what"));
        }
    }

    private static IEnumerable<string> Texts(JsonNode node) => node.AsArray().Select(text => text!.GetValue<string>());
}
