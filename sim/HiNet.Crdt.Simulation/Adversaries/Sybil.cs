using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Introduces ever more devices of its own person, each with a certificate that is right. The engine survives because of one person only so
/// many devices count, the same ones for everybody, and an epoch is sealed to those.
/// </summary>
internal sealed class Sybil(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const int MostDevices = 200;
    private const int MostAtOnce = 40;

    private int _devices;

    protected override void Attack(AdversaryMachine machine)
    {
        if (_devices >= MostDevices || Victim() is not { } victim || AnyConversation() is not { } writer)
        {
            return;
        }

        var body = new IntroduceBody();
        for (var i = Draw(1, MostAtOnce); i > 0; i--)
        {
            _devices++;
            body.Cards.Add(ByteString.CopyFrom(Another().Encode()));
        }

        Give(machine, victim, writer, writer.Sign(writer.Write(writer.Draft(EntryKind.Introduce), body)));
    }

    /// <summary>A device that nobody has.</summary>
    private DeviceCard Another()
    {
        var (device, secretKey, leaf) = (new byte[Bytes32.Size], new byte[64], new byte[Bytes32.Size]);
        Cryptography.Ed25519FromSeed(Bytes(Bytes32.Size), device, secretKey);
        Cryptography.X25519Public(Bytes(Bytes32.Size), leaf);
        return DeviceCard.Create(
            Cryptography,
            Secrets.Certificate.Extend(Cryptography, Secrets.DeviceSecretKey.Span, new DeviceId(device)),
            secretKey,
            new Bytes32(leaf),
            0,
            Secrets.Name);
    }
}
