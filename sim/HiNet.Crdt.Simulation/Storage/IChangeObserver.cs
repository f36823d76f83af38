using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Storage;

/// <summary>Sees what becomes durable.</summary>
internal interface IChangeObserver
{
    void Changed(in StoreChange change, byte[]? before);
}
