using HiNet.Crdt.LocalApi.Contract;
using HiNet.Crdt.Simulation.Tests.Support;

namespace HiNet.Crdt.LocalApi.Tests.Contract;

/// <summary>A client is told what an event says, and not only that there was one.</summary>
public sealed class EventMappingTests
{
    private static readonly string[] s_ofAll = [nameof(EventInfo.Event), nameof(EventInfo.Cursor), nameof(EventInfo.Conversation), nameof(EventInfo.Time)];

    [Fact]
    public void Every_kind_of_event_is_told_with_what_it_says()
    {
        foreach (var happened in SampleKinds.Of<ConversationEvent>())
        {
            var info = happened.ToInfo();
            typeof(EventInfo).GetProperties()
                .Where(property => !s_ofAll.Contains(property.Name) && property.GetValue(info) is not null)
                .ShouldNotBeEmpty(happened.GetType().Name);
        }
    }
}
