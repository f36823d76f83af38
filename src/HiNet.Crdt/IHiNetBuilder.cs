using HiNet.Crdt.Storage;

namespace HiNet.Crdt;

/// <summary>
/// What <c>services.AddHiNet(…)</c> returns. It stands here so that a store's package can extend it without the one on hosting.
/// </summary>
public interface IHiNetBuilder
{
    /// <summary>Keeps the node's data in <paramref name="store"/>. Called once.</summary>
    IHiNetBuilder UseStore(StoreProvider store);
}
