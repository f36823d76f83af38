using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>An opened control body, parsed as far as this version knows its kind; everything in it has the right shape.</summary>
internal sealed record ControlBody
{
    public IReadOnlyList<Authority.RoleGrant> Grants { get; private init; } = [];

    public IReadOnlyList<DeviceCard> Cards { get; private init; } = [];

    public EpochBody? Epoch { get; private init; }

    public IReadOnlyList<EntryId> DeletedTargets { get; private init; } = [];

    public EquivocationProof? Proof { get; private init; }

    public string Name { get; private init; } = string.Empty;

    /// <summary>Null when the bytes are not a body of this kind. An unknown kind has no shape to check.</summary>
    public static ControlBody? Parse(uint kind, byte[] plaintext)
    {
        try
        {
            return kind switch
            {
                EntryKind.Genesis => OfGenesis(GenesisBody.Parser.ParseFrom(plaintext)),
                EntryKind.Introduce => OfCards(IntroduceBody.Parser.ParseFrom(plaintext).Cards, []),
                EntryKind.SetRole => OfSetRole(SetRoleBody.Parser.ParseFrom(plaintext)),
                EntryKind.Epoch => OfEpoch(EpochBody.Parser.ParseFrom(plaintext)),
                EntryKind.Delete => OfDelete(DeleteBody.Parser.ParseFrom(plaintext)),
                EntryKind.EquivocationReport => OfReport(EquivocationReportBody.Parser.ParseFrom(plaintext)),
                _ => new ControlBody(),
            };
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static ControlBody? OfGenesis(GenesisBody body)
    {
        if (body.Members.Count is 0 or > Limits.GenesisMembers)
        {
            return null;
        }

        var grants = new List<Authority.RoleGrant>();
        var cards = new List<DeviceCard>();
        foreach (var member in body.Members)
        {
            if (member.Identity.Length != Bytes32.Size
                || !IsRole(member.Role)
                || OfCards(member.Cards, []) is not { } parsed)
            {
                return null;
            }

            var identity = new IdentityId(member.Identity.Span);
            if (parsed.Cards.Any(card => card.Identity != identity) || grants.Any(grant => grant.Member == identity))
            {
                return null;
            }

            grants.Add(new Authority.RoleGrant(identity, (Role)member.Role));
            cards.AddRange(parsed.Cards);
        }

        return new ControlBody { Grants = grants, Cards = cards, Name = body.Name };
    }

    private static ControlBody? OfSetRole(SetRoleBody body)
    {
        if (body.Identity.Length != Bytes32.Size || body.Role > (uint)Role.Owner)
        {
            return null;
        }

        var identity = new IdentityId(body.Identity.Span);
        var parsed = OfCards(body.Cards, [new Authority.RoleGrant(identity, (Role)body.Role)]);
        return parsed is null || parsed.Cards.Any(card => card.Identity != identity) ? null : parsed;
    }

    private static ControlBody? OfCards(IReadOnlyList<ByteString> encoded, IReadOnlyList<Authority.RoleGrant> grants)
    {
        if (encoded.Count > Authority.AuthorityState.AuthorizedDevicesOfOnePerson)
        {
            return null;
        }

        var cards = new List<DeviceCard>(encoded.Count);
        foreach (var bytes in encoded)
        {
            if (!DeviceCard.TryDecode(bytes.Span, out var card))
            {
                return null;
            }

            cards.Add(card!);
        }

        return new ControlBody { Cards = cards, Grants = grants };
    }

    private static ControlBody? OfEpoch(EpochBody body) =>
        body.Ephemeral.Length != Bytes32.Size
        || body.Supersedes.Count > Limits.SupersededEpochs
        || body.Supersedes.Any(link => link.Epoch.Length != Bytes32.Size)
            ? null
            : new ControlBody { Epoch = body };

    private static ControlBody? OfDelete(DeleteBody body) =>
        body.Targets.Count is 0 or > 256 || body.Targets.Any(target => target.Length != Bytes32.Size)
            ? null
            : new ControlBody { DeletedTargets = [.. body.Targets.Select(target => new EntryId(target.Span))] };

    private static ControlBody? OfReport(EquivocationReportBody body) =>
        EquivocationProof.TryDecode(body.Proof.Span, out var proof) ? new ControlBody { Proof = proof } : null;

    private static bool IsRole(uint role) => role is > (uint)Role.None and <= (uint)Role.Owner;
}
