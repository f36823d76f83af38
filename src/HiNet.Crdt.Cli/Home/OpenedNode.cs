using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Home;

/// <summary>A node in this process.</summary>
/// <param name="Node">The node.</param>
/// <param name="Links">Its links.</param>
/// <param name="NewPhrase">The recovery phrase, when this opening made the identity.</param>
/// <param name="IsUnsealed">True when no passphrase protects its secrets.</param>
/// <param name="Owner">What to dispose to stop it.</param>
internal sealed record OpenedNode(INode Node, INodeLinks Links, string? NewPhrase, bool IsUnsealed, IAsyncDisposable Owner) : IAsyncDisposable
{
    /// <summary>Its DHT; null for one that has none to ask.</summary>
    public INodeDht? Dht { get; init; }

    public ValueTask DisposeAsync() => Owner.DisposeAsync();
}
