using System.Net;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Discovery;

/// <summary>Between LAN discovery and a node's machine: who is to be recognised goes in, who was found comes out.</summary>
internal sealed class LanDiscovery : IAsyncDisposable
{
    private readonly MdnsServiceOptions _options;
    private MdnsService? _service;
    private IReadOnlyList<MdnsSecret> _secrets = [];

    private LanDiscovery(MdnsServiceOptions options) => _options = options;

    /// <summary>Null for a node that only listens to its own machine, where there is no LAN to look at.</summary>
    internal static LanDiscovery? Create(NodeAddress bound, Inbox inbox, ILogger logger)
    {
        if (!IPAddress.TryParse(bound.Host, out var address) || IPAddress.IsLoopback(address))
        {
            return null;
        }

        var isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        return new LanDiscovery(new MdnsServiceOptions
        {
            ServicePort = (ushort)bound.Port,
            Addresses = isAny ? null : [address],
            Found = peer => inbox.Post(new NodeInput.NeighbourFound([.. peer.EndPoints.Where(IsDialled).Select(Text)], peer.Secrets)),
            Logger = logger,
        });
    }

    internal void Start() => _service = MdnsService.Start(_options with { Secrets = _secrets });

    /// <summary>From the driver's thread.</summary>
    internal void Recognise(IReadOnlyList<MdnsSecret> secrets)
    {
        _secrets = secrets;
        _service?.SetSecrets(secrets);
    }

    public ValueTask DisposeAsync() => _service?.DisposeAsync() ?? ValueTask.CompletedTask;

    // An address of the link alone needs the interface's name beside it, which addresses of links do not have.
    private static bool IsDialled(IPEndPoint endPoint) => !endPoint.Address.IsIPv6LinkLocal;

    private static string Text(IPEndPoint endPoint) => new NodeAddress(endPoint.Address.ToString(), endPoint.Port).ToString();
}
