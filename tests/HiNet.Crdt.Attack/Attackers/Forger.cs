using System.Net;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Runs with bad signatures and proofs, entries in another's name, in wrong places, with rights that the member does not have, with bodies that
/// nothing opens. Bound: 10 visits a second, 4 at once.
/// </summary>
internal sealed class Forger(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("forger", victim, tally, member)
{
    private readonly Lock _gate = new();

    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(10, 4, ForgeAsync, cancellationToken);

    private Task ForgeAsync(CancellationToken cancellationToken)
    {
        var channel = new HostileChannel(Member, AnyChain()) { ForgesProof = Draw(0, 9) == 0 };
        return VisitAsync(
            channel,
            async link =>
            {
                await GiveAsync(link, channel, cancellationToken, Forged(channel.Chain));
                await link.StayAsync(TimeSpan.FromSeconds(0.3), cancellationToken);
            },
            cancellationToken);
    }

    private SignedRun Forged(HostileChain chain)
    {
        lock (_gate)
        {
            var honest = chain.Head;
            var run = Draw(0, 8) switch
            {
                0 or 1 => chain.Sign(chain.Say("badly signed")) with { Signature = Bytes(64) },
                2 => InAnothersName(chain),
                3 => Changed(chain, header => header with { Seq = header.Seq + 5, Depth = header.Depth + 10 }),
                4 => Changed(chain, header => header with { Depth = header.Depth + (ulong)Draw(1, 1_000_000) }),
                5 => Changed(chain, header => header with { Authority = new Bytes32(Bytes(Bytes32.Size)) }),
                6 => Changed(chain, header => header with { Hlc = HybridTimestamp.FromMilliseconds(1_600_000_000_000) }),
                7 => chain.Sign(chain.Write(chain.Draft(EntryKind.SetRole), Promotion())),
                _ => Changed(chain, header => header with { Epoch = new EntryId(Bytes(Bytes32.Size)) }),
            };
            chain.Head = honest;
            return run;
        }
    }

    private static SignedRun Changed(HostileChain chain, Func<EntryHeader, EntryHeader> change) =>
        chain.Sign(chain.Write(change(chain.Draft()), new MessageBody { Text = "out of place" }));

    private static SignedRun InAnothersName(HostileChain chain) =>
        Changed(chain, header => header with { Device = new DeviceId(Bytes(Bytes32.Size)) });

    private SetRoleBody Promotion() => new()
    {
        Identity = Google.Protobuf.ByteString.CopyFrom(Member.Secrets.Identity.ToArray()),
        Role = 4,
    };
}
