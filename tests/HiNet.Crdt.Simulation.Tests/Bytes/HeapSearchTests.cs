using HiNet.Crdt.Simulation.Bytes;

namespace HiNet.Crdt.Simulation.Tests.Bytes;

public sealed class HeapSearchTests
{
    private static readonly byte[] s_body = [.. Enumerable.Range(1, 40).Select(i => (byte)(i * 5))];

    public static TheoryData<string, object> Places => new()
    {
        { "a list of arrays", new List<byte[]> { new byte[3], s_body } },
        { "a part of a larger buffer", new Dictionary<int, ReadOnlyMemory<byte>> { [1] = new([0, 0, .. s_body, 0]) } },
        { "a tuple in a queue", new Queue<(int, object)>([(1, new object[] { s_body })]) },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void A_body_is_found_wherever_a_machine_keeps_it(string place, object root)
    {
        new HeapSearch([new ErasedBody(default, s_body, 0)]).Search(root).ShouldNotBeNull(place);
    }

    [Fact]
    public void A_body_is_found_in_what_a_closure_has_captured()
    {
        var kept = s_body.ToArray();
        Func<int> closure = () => kept.Length;
        new HeapSearch([new ErasedBody(default, s_body, 0)]).Search(closure).ShouldNotBeNull();
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        var almost = s_body.ToArray();
        almost[10]++;
        new HeapSearch([new ErasedBody(default, s_body, 0)]).Search(new List<byte[]> { almost, new byte[100] }).ShouldBeNull();
    }

    [Fact]
    public void What_refers_to_itself_ends()
    {
        List<object> loop = [];
        loop.Add(loop);
        new HeapSearch([new ErasedBody(default, s_body, 0)]).Search(loop).ShouldBeNull();
    }

    [Fact]
    public void What_is_too_large_to_look_through_is_an_error_and_not_nothing_found()
    {
        List<byte[]> many = [.. Enumerable.Range(0, 20).Select(_ => new byte[1])];
        Should.Throw<InvalidOperationException>(() => new HeapSearch([new ErasedBody(default, s_body, 0)], largest: 10).Search(many));
        new HeapSearch([new ErasedBody(default, s_body, 0)], largest: 30).Search(many).ShouldBeNull();
    }
}
