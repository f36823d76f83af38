namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// Others would refuse what this device was about to write, by what they have written before. Nothing of it has been written: the operation
/// is refused, and the conversation and the node go on.
/// </summary>
internal sealed class EntryRefusedException(uint kind, Refusal refusal)
    : Exception($"Others would refuse the entry of kind {kind} that this device was about to write: {refusal}.");
