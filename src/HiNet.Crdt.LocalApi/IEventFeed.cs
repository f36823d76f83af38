using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

/// <summary>An open stream of events. Reading slowly slows the replay down, loses nothing and hoards nothing.</summary>
public interface IEventFeed : IAsyncDisposable
{
    /// <summary>The events, until the feed is disposed or the node stops. To be read once.</summary>
    IAsyncEnumerable<EventInfo> ReadAllAsync(CancellationToken cancellationToken = default);
}
