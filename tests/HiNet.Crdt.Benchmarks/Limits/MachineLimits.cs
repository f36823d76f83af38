using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Benchmarks.Limits;

/// <summary>What bounds the engine on this machine: figures without units of our own making, measured in the same session.</summary>
internal static class MachineLimits
{
    public const string SignOneCore = "Ed25519 sign, one core";
    public const string VerifyAllCores = "Ed25519 verify, all cores";
    public const string SyncedWrite = "RocksDB, one entry a synced write";
    public const string SyncedBatches = "RocksDB, 1,000 entries a synced write";

    public static IEnumerable<IMeasurement> All
    {
        get
        {
            var cryptography = SodiumCryptography.Instance;
            return
            [
                new SignatureLimit(SignOneCore, cryptography, threads: 1, verifies: false),
                new SignatureLimit(VerifyAllCores, cryptography, Environment.ProcessorCount, verifies: true),
                new StoreLimit(SyncedWrite, batchSize: 1, batches: 5_000),
                new StoreLimit(SyncedBatches, batchSize: 1_000, batches: 200),
            ];
        }
    }
}
