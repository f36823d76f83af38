using System.Net;
using Google.Protobuf;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Introduces ever more devices of its own person, with certificates that are right. Bound: 20 a second, in one visit.</summary>
internal sealed class SybilDevices(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("sybil", victim, tally, member)
{
    private static readonly ICryptography Cryptography = SodiumCryptography.Instance;

    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(1, 1, IntroduceAsync, cancellationToken);

    private Task IntroduceAsync(CancellationToken cancellationToken) => VisitAsync(
        AnyChain(),
        async (link, channel) =>
        {
            var body = new IntroduceBody { Cards = { Enumerable.Range(0, RunsAtOnce).Select(_ => ByteString.CopyFrom(Another().Encode())) } };
            var chain = channel.Chain;
            await GiveAsync(link, channel, cancellationToken, chain.Sign(chain.Write(chain.Draft(EntryKind.Introduce), body)));
            Count("devices", RunsAtOnce);
            await link.StayAsync(TimeSpan.FromSeconds(0.5), cancellationToken);
        },
        cancellationToken);

    /// <summary>A device that nobody has.</summary>
    private DeviceCard Another()
    {
        var (device, secretKey, leaf) = (new byte[Bytes32.Size], new byte[64], new byte[Bytes32.Size]);
        Cryptography.Ed25519FromSeed(Bytes(Bytes32.Size), device, secretKey);
        Cryptography.X25519Public(Bytes(Bytes32.Size), leaf);
        var certificate = Member.Secrets.Certificate.Extend(Cryptography, Member.Secrets.DeviceSecretKey.Span, new DeviceId(device));
        return DeviceCard.Create(Cryptography, certificate, secretKey, new Bytes32(leaf), 0, Member.Secrets.Name);
    }
}
