using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.External;

/// <summary>Each peer does the same work in its fastest public way: texts of 200 characters, kept on disk, replicated encrypted.</summary>
internal static class Peers
{
    public const string HypercoreAppend = "hypercore append";
    public const string HypercoreReplicate = "hypercore replicate";
    public const string OrbitDbAppend = "OrbitDB append";
    public const string OrbitDbReplicate = "OrbitDB replicate";

    public const string HyperDht = "hyperdht";

    public static IEnumerable<IMeasurement> All =>
    [
        new NodeScript(HypercoreAppend, "hypercore-append.mjs", entries: 3_000),
        new NodeScript(HypercoreReplicate, "hypercore-replicate.mjs", entries: 20_000),
        new NodeScript(OrbitDbAppend, "orbitdb/orbitdb-append.mjs", entries: 500),
        new NodeScript(HyperDht, "hyperdht.mjs", entries: 50),
        new NodeScript(OrbitDbReplicate, "orbitdb/orbitdb-replicate.mjs", entries: 1_000),
    ];
}
