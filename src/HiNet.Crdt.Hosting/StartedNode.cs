namespace HiNet.Crdt.Hosting;

/// <summary>A node that runs.</summary>
/// <param name="Node">The node.</param>
/// <param name="ListenAddress">Where it takes links, or null.</param>
/// <param name="IsUnsealed">True when no passphrase protects its secrets.</param>
/// <param name="NewRecoveryPhrase">Given when this start made the identity.</param>
/// <param name="Owner">What to dispose to stop it.</param>
internal sealed record StartedNode(INode Node, string? ListenAddress, bool IsUnsealed, string? NewRecoveryPhrase, IAsyncDisposable Owner);
