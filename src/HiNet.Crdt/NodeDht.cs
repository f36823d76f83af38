using System.Net;
using System.Net.Sockets;
using System.Text;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt;

/// <summary>The DHT of a running node, asked through the driver.</summary>
internal sealed class NodeDht(NodeDriver driver, ICryptography cryptography, HomeSecrets secrets, TimeProvider time) : INodeDht
{
    public async Task<DhtStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync<DhtResult.Statistics>(new DhtOperation.Stats(), cancellationToken).ConfigureAwait(false)).Stats;

    public async Task<DhtResult.Pinged> PingAsync(string address, CancellationToken cancellationToken = default)
    {
        var endPoint = await ResolveAsync(NodeAddress.Parse(address), cancellationToken).ConfigureAwait(false);
        return await AskAsync<DhtResult.Pinged>(new DhtOperation.Ping(DatagramTransport.ToEndpoint(endPoint)), cancellationToken).ConfigureAwait(false);
    }

    public Task<DhtResult.FoundNodes> FindNodesAsync(Bytes32 target, bool isDisjoint = false, CancellationToken cancellationToken = default) =>
        AskAsync<DhtResult.FoundNodes>(new DhtOperation.FindNode(target, isDisjoint), cancellationToken);

    public Task<DhtResult.FoundSlots> GetAsync(Bytes32 target, CancellationToken cancellationToken = default) =>
        AskAsync<DhtResult.FoundSlots>(new DhtOperation.Get(target), cancellationToken);

    public Task<DhtResult.PutSlot> PutAsync(DhtSlot slot, bool isKeptUp = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return AskAsync<DhtResult.PutSlot>(new DhtOperation.Put(slot, isKeptUp), cancellationToken);
    }

    public Bytes32 TargetOf(string key) => PublicSlot.TargetOf(cryptography, key);

    public DhtSlot CreateSlot(Bytes32 target, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Encoding.UTF8.GetByteCount(text) is 0 or > PublicSlot.MaxTextBytes)
        {
            throw new InvalidTextException($"A text in the DHT has 1 to {PublicSlot.MaxTextBytes} bytes of UTF-8: write a shorter one.");
        }

        return PublicSlot.Write(cryptography, secrets.DeviceSeed.Span, target, text, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private async Task<T> AskAsync<T>(DhtOperation operation, CancellationToken cancellationToken)
        where T : DhtResult
    {
        var result = await driver.SubmitAsync(
            new NodeCommand.UseDht(operation), static answer => ((NodeResult.OfDht)answer).Result, cancellationToken).ConfigureAwait(false);
        return result as T
            ?? throw new OperationRefusedException("As many questions to the DHT are under way as there may be: ask again in a few seconds.");
    }

    private static async Task<IPEndPoint> ResolveAsync(NodeAddress address, CancellationToken cancellationToken)
    {
        if (address.ToEndPoint() is IPEndPoint known)
        {
            return known;
        }

        try
        {
            var found = await Dns.GetHostAddressesAsync(address.Host, cancellationToken).ConfigureAwait(false);
            return found.Length > 0
                ? new IPEndPoint(found[0], address.Port)
                : throw new InvalidAddressException($"No address is known for {address.Host}: check the name.");
        }
        catch (SocketException failure)
        {
            throw new InvalidAddressException($"No address is known for {address.Host} ({SocketProblem.Describe(failure)}): check the name.");
        }
    }
}
