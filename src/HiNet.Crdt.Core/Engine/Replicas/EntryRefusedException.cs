namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// Others would refuse what this device was about to write, by what they have written before. That entry has not been written, though one that
/// it needed may have been, such as an introduction: the operation is refused, and the conversation and the node go on.
/// </summary>
internal sealed class EntryRefusedException(uint kind, Refusal refusal)
    : Exception($"Others would refuse the entry of kind {kind} that this device was about to write: {refusal}.");
