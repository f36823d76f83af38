namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>An empty directory that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("hinet-store-").FullName;

    internal string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
