namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>The other end of a link: a node, or something that only looks like one.</summary>
internal sealed record LoopbackEnd(LoopbackNode? Node, Action<byte[]> Receive, Action<string> Close);
