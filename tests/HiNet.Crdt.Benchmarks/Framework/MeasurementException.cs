namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>A run that yielded nothing, with one sentence why; the other measurements go on.</summary>
internal sealed class MeasurementException(string message) : Exception(message);
