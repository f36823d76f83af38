using System.Runtime.InteropServices;

namespace HiNet.Crdt.Benchmarks.Reports;

/// <summary>What the figures were taken on.</summary>
internal sealed record Machine(int Cores, string OperatingSystem, string Runtime, DateTimeOffset Time)
{
    public static Machine Current => new(Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, DateTimeOffset.UtcNow);

    public string Describe() => $"{Cores} cores, {OperatingSystem}, {Runtime}, {Time:yyyy-MM-dd}.";
}
