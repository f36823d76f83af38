using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Hosting;

/// <summary>Where the node's data lies, once per call of UseStore.</summary>
internal sealed record StoreRegistration(StoreProvider Store);
