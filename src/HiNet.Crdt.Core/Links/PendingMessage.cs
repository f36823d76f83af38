namespace HiNet.Crdt.Core.Links;

/// <summary>A message that came before its channel was accepted.</summary>
internal readonly record struct PendingMessage(int Type, byte[] Payload)
{
    public int Cost => Payload.Length + LinkOptions.PendingOverhead;
}
