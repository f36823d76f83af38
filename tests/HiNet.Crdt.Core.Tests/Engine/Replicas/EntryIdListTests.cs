using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

public sealed class EntryIdListTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Ids_stand_one_after_the_other_and_come_back(int count)
    {
        EntryId[] ids = [.. Enumerable.Range(0, count).Select(i => TestKeys.Entry($"entry {i}"))];
        var bytes = EntryIdList.Encode(ids);
        bytes.ShouldBe(ids.SelectMany(id => id.ToArray()));
        EntryIdList.Decode(bytes).ShouldBe(ids);
    }
}
