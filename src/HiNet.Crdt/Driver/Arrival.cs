using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Driver;

/// <summary>An input on its way to the machine, and the pooled array its bytes lie in, if they do.</summary>
internal readonly record struct Arrival(NodeInput Input, byte[]? Rented);
