using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Dht;

/// <summary>What measured runs of the DHT ask for.</summary>
internal static class DhtWorkload
{
    /// <summary>A random id; of each kind and number one.</summary>
    public static DhtId Target(SimulatedDht network, int kind, int number)
    {
        ulong Word(int word) => network.Random.Draw(DrawStream.DhtWorkload, (ulong)kind, (4 * (ulong)number) + (ulong)word);
        return new DhtId(Word(0), Word(1), Word(2), Word(3));
    }

    /// <summary>A slot of 500 bytes, by a writer of its own.</summary>
    public static DhtSlot SignedSlot(SimulatedDht network, DhtId target, TimeSpan lifetime) => SignedSlot(network, target, target.Value, lifetime);

    /// <summary>A slot of 500 bytes, by the writer of a seed.</summary>
    public static DhtSlot SignedSlot(SimulatedDht network, DhtId target, Bytes32 writer, TimeSpan lifetime)
    {
        var (publicKey, secretKey, text, signature) = (new byte[32], new byte[64], new byte[500], new byte[DhtSlot.SignatureSize]);
        network.Cryptography.Ed25519FromSeed(writer.ToArray(), publicKey, secretKey);
        var expires = (network.UnixMilliseconds / 1000) + (long)lifetime.TotalSeconds;
        network.Cryptography.Sign(secretKey, DhtSlot.SignedBytes(network.Cryptography, target.Value, 1, expires, text), signature);
        return DhtSlot.From(target.Value, new Bytes32(publicKey), 1, expires, text, signature);
    }

    /// <summary>Lets virtual time pass, until it is enough.</summary>
    public static void Settle(Scheduler scheduler, TimeSpan time, Func<bool>? isEnough = null)
    {
        var until = scheduler.Now + time;
        while (isEnough?.Invoke() != true && scheduler.Step(until))
        {
        }
    }
}
