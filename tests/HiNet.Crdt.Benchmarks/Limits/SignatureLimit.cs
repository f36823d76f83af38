using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Benchmarks.Limits;

/// <summary>How many Ed25519 operations a second this machine can do at all, on some of its cores, one thread each.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="cryptography">What the engine uses too.</param>
/// <param name="threads">How many cores are kept busy.</param>
/// <param name="verifies">Verification; signing otherwise.</param>
internal sealed class SignatureLimit(string name, ICryptography cryptography, int threads, bool verifies) : IMeasurement
{
    private const int OperationsPerThread = 20_000;

    // A domain tag and an entry id.
    private const int MessageSize = 48;

    public string Name => name;

    public string? Unavailable => null;

    public Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToArray();
        var started = Stopwatch.GetTimestamp();
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        var rate = threads * (double)OperationsPerThread / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double> { [Metric.Rate] = rate });
    }

    private void Work()
    {
        Span<byte> seed = stackalloc byte[32], publicKey = stackalloc byte[32], secretKey = stackalloc byte[64], signature = stackalloc byte[64];
        Span<byte> message = stackalloc byte[MessageSize];
        cryptography.FillSecret(seed);
        cryptography.FillSecret(message);
        cryptography.Ed25519FromSeed(seed, publicKey, secretKey);
        cryptography.Sign(secretKey, message, signature);
        for (var i = 0; i < OperationsPerThread; i++)
        {
            if (!verifies)
            {
                cryptography.Sign(secretKey, message, signature);
            }
            else if (!cryptography.Verify(publicKey, message, signature))
            {
                throw new InvalidOperationException("A fresh signature did not verify.");
            }
        }
    }
}
