using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Starting a node on a store of many messages, in a fresh process, and some of what it then shows.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="store">The store, built by the first run.</param>
/// <param name="figures">Which of <see cref="StoreOpener"/>'s figures count.</param>
internal sealed class StoreOpening(string name, LargeStore store, params string[] figures) : IMeasurement
{
    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var measured = await ChildProcess.RunAsync(StoreOpener.Work, [await store.GetFolderAsync(cancellationToken)], cancellationToken);
        return measured.Where(pair => figures.Contains(pair.Key)).ToDictionary();
    }
}
