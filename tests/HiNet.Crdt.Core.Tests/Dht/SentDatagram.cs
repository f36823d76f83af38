using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>What a <see cref="LoneNode"/> has sent, taken apart; the time is since its start.</summary>
internal sealed record SentDatagram(TimeSpan At, Endpoint To, DatagramKind Kind, ulong Transaction, int Size, DhtQuery? Query, DhtAnswer? Answer)
{
    public bool LooksUp(DhtId target) => Kind == DatagramKind.FindNode && Query!.Target.Span.SequenceEqual(target.Value.ToArray());
}
