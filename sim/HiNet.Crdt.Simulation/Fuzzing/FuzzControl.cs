using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>What control entries that are written by hand say: cards, roles, epochs, deletions and proofs that are right, almost right, too many or none.</summary>
internal sealed class FuzzControl(FuzzScene scene, FuzzPool pool)
{
    private const int ManyDevices = 66;
    private const int ManyLinks = 300;

    /// <summary>The body; for an epoch also the secret that it is about.</summary>
    public (uint Kind, byte[] Body, byte[]? Secret) Write(FuzzDevice writer, FuzzOperation operation) => operation.Kind switch
    {
        FuzzKind.Introduce => (EntryKind.Introduce, Introduce(writer, operation).ToByteArray(), null),
        FuzzKind.Crowd => (EntryKind.Introduce, Crowd(writer, operation).ToByteArray(), null),
        FuzzKind.SetRole => (EntryKind.SetRole, SetRole(writer, operation).ToByteArray(), null),
        FuzzKind.Epoch => Epoch(writer, operation),
        FuzzKind.Delete => (EntryKind.Delete, Delete(writer, operation).ToByteArray(), null),
        FuzzKind.Report => (EntryKind.EquivocationReport, Report(operation).ToByteArray(), null),
        FuzzKind.Genesis => (EntryKind.Genesis, Genesis(writer, operation).ToByteArray(), null),
        FuzzKind.UnknownControl => (operation.Size % 2 == 0 ? EntryKind.Merge + 1 : uint.MaxValue - 1, new MessageBody { Text = "?" }.ToByteArray(), null),
        _ => (EntryKind.Merge, [], null),
    };

    private static ByteString Bytes(DeviceCard card) => ByteString.CopyFrom(card.Encode());

    private IntroduceBody Introduce(FuzzDevice writer, FuzzOperation operation)
    {
        var body = new IntroduceBody();
        var other = scene.Devices[operation.Target % scene.Devices.Count];
        switch (operation.Size % 10)
        {
            case 0 or 1:
                body.Cards.Add(Bytes(writer.Card()));
                break;
            case 2:
                body.Cards.Add(Bytes(other.Card()));
                break;
            case 3:
                body.Cards.Add(Bytes(Rekeyed(writer, operation, 1 + (uint)(operation.Target % 3))));
                break;
            case 4:
                // Of one index, the lower key counts: each of several such cards may or may not be news.
                body.Cards.Add(Bytes(Rekeyed(writer, operation, 0)));
                break;
            case 5:
                body.Cards.Add(Bytes(Rekeyed(writer, operation, uint.MaxValue)));
                break;
            case 6:
                body.Cards.Add(Repeated(writer.Card(), 2 + (operation.Target % 3)));
                break;
            case 7:
                body.Cards.Add(Repeated(Fresh(writer).Card(), 1));
                body.Cards.Add(Bytes(other.Card()));
                break;
            case 8:
                body.Cards.Add(Enumerable.Range(0, operation.Target % ManyDevices).Select(_ => Bytes(Fresh(writer).Card())));
                break;
            default:
                if (operation.Target % 2 == 0)
                {
                    body.Cards.Add(Spoilt(writer.Card(7, isFresh: true)));
                }

                break;
        }

        return body;
    }

    /// <summary>Fresh devices of every member, as many as one entry has room for.</summary>
    private IntroduceBody Crowd(FuzzDevice writer, FuzzOperation operation)
    {
        var authority = scene.Scribe.Replica.Authority;
        List<FuzzDevice> owners = [.. scene.Devices.Where(device => authority.RoleOf(device.Identity) >= Role.Reader && device.Certificate.Links.Count == 1)];
        var body = new IntroduceBody();
        for (var size = 0; owners.Count > 0 && size < BodyCipher.MaxPlaintextBytes - (2 * DeviceCard.MaxBytes); size = body.CalculateSize())
        {
            var owner = operation.Target % 2 == 0 ? owners[body.Cards.Count % owners.Count] : writer;
            body.Cards.Add(Bytes(Fresh(owner).Card()));
        }

        return body;
    }

    private SetRoleBody SetRole(FuzzDevice writer, FuzzOperation operation)
    {
        var subject = operation.Target % 3 == 0 ? writer : scene.Devices[operation.Target / 3 % scene.Devices.Count];
        var body = new SetRoleBody
        {
            Identity = operation.Size % 29 == 28 ? ByteString.CopyFrom(new byte[5]) : ByteString.CopyFrom(subject.Identity.ToArray()),
            Role = (uint)(operation.Size % 7),
        };
        switch (operation.Size / 7 % 5)
        {
            case 1:
                body.Cards.Add(Bytes(subject.Card()));
                break;
            case 2:
                body.Cards.Add(Bytes(Fresh(subject).Card()));
                body.Cards.Add(Bytes(Rekeyed(subject, operation, 1)));
                break;
            case 3:
                body.Cards.Add(Bytes(scene.Devices[operation.Size % scene.Devices.Count].Card()));
                break;
            default:
                break;
        }

        return body;
    }

    private (uint Kind, byte[] Body, byte[]? Secret) Epoch(FuzzDevice writer, FuzzOperation operation)
    {
        var secret = new byte[Bytes32.Size];
        scene.Cryptography.FillSecret(secret);
        var recipients = scene.Scribe.Replica.Authority.AuthorizedDevices.Select(device => device.Card.LeafKey).ToList();
        switch (operation.Size % 12)
        {
            case 1:
                recipients = [.. recipients.Skip(1)];
                break;
            case 2:
                recipients = [.. recipients, .. recipients.Take(1)];
                break;
            case 3:
                recipients = [.. recipients.Select(_ => recipients[0])];
                break;
            case 4:
                recipients.Reverse();
                break;
            case 5:
                recipients = [.. recipients.Select(static _ => default(Bytes32))];
                break;
            default:
                break;
        }

        var boxes = EpochBox.Seal(scene.Cryptography, scene.Conversation, new Bytes32(secret), recipients);
        var body = new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(boxes.Ephemeral.ToArray()),
            Boxes = ByteString.CopyFrom(boxes.Boxes.Span),
            Commitment = ByteString.CopyFrom(EpochCommitment.Of(scene.Cryptography, scene.Conversation, new Bytes32(secret)).ToArray()),
        };
        switch (operation.Size % 12)
        {
            case 6:
                body.Ephemeral = ByteString.CopyFrom(new byte[Bytes32.Size - (operation.Target % 2)]);
                break;
            case 7:
                body.Boxes = body.Boxes.Length == 0 ? body.Boxes : ByteString.CopyFrom(body.Boxes.Span[1..]);
                break;
            case 8:
                body.Commitment = ByteString.CopyFrom(new byte[operation.Target % 40]);
                break;
            default:
                break;
        }

        body.Supersedes.AddRange(Links(writer, operation, secret));
        return (EntryKind.Epoch, body.ToByteArray(), secret);
    }

    private IEnumerable<EpochLinkBody> Links(FuzzDevice writer, FuzzOperation operation, byte[] secret)
    {
        var known = pool.Epochs.TakeLast(3).ToList();
        switch (operation.Target % 8)
        {
            case 1:
                return [];
            case 2:
                return [new EpochLinkBody { Epoch = ByteString.CopyFrom(new byte[Bytes32.Size - (operation.Size % 2)]) }];
            case 3 when known.Count > 0:
                return Enumerable.Repeat(Link(known[0], secret, secret), 2 + (operation.Size % 3));
            case 4 when known.Count > 0:
                return [Link(known[^1], secret, new byte[Bytes32.Size])];
            case 5:
                return Enumerable.Range(0, ManyLinks).Select(i => new EpochLinkBody { Epoch = ByteString.CopyFrom([.. writer.Device.ToArray().AsSpan(4), .. BitConverter.GetBytes(i)]) });
            case 6 when pool.Pick(operation.Size, static _ => true) is { } any:
                return [new EpochLinkBody { Epoch = ByteString.CopyFrom(any.Id.ToArray()), Sealed = ByteString.CopyFrom(new byte[operation.Size % 60]) }];
            default:
                return known.Select(epoch => Link(epoch, secret, pool.SecretOf(epoch)!));
        }
    }

    private EpochLinkBody Link(EntryId older, byte[] secret, byte[] olderSecret) => new()
    {
        Epoch = ByteString.CopyFrom(older.ToArray()),
        Sealed = ByteString.CopyFrom(EpochLink.Seal(scene.Cryptography, new Bytes32(secret), older, new Bytes32(olderSecret))),
    };

    private DeleteBody Delete(FuzzDevice writer, FuzzOperation operation)
    {
        var body = new DeleteBody();
        Func<FuzzEntry, bool> fits = (operation.Size % 4) switch
        {
            0 => entry => entry.Writer.Identity == writer.Identity && entry.Header.Epoch is not null,
            1 => entry => entry.Writer.Identity != writer.Identity && entry.Header.Epoch is not null,
            2 => entry => entry.Header.Epoch is null,
            _ => static _ => true,
        };
        var count = new[] { 1, 1, 1, 2, 0, 255, 256, 257 }[operation.Size / 4 % 8];
        for (var i = 0; i < count; i++)
        {
            // Beyond what there is, targets repeat.
            body.Targets.Add(pool.Pick(operation.Target + i, fits) is { } target
                ? ByteString.CopyFrom(target.Id.ToArray())
                : ByteString.CopyFrom(new byte[Bytes32.Size - (operation.Target % 17 == 16 ? 1 : 0)]));
        }

        return body;
    }

    /// <summary>A real proof where somebody has forked; else, or for some sizes, one of nothing.</summary>
    private EquivocationReportBody Report(FuzzOperation operation)
    {
        var twice = pool.Entries.GroupBy(entry => (entry.Header.Device, entry.Header.Seq, entry.Entry.Conversation)).Where(group => group.Count() > 1).ToList();
        if (operation.Size % 4 == 3 || twice.Count == 0)
        {
            return new EquivocationReportBody { Proof = ByteString.CopyFrom(new byte[operation.Size % 50]) };
        }

        var pair = twice[operation.Target % twice.Count].Take(2).ToList();
        var paths = pair.Select(entry => new SignedPath([entry.Entry.HeaderBytes], entry.Writer.Sign(entry.Id))).ToList();
        return EquivocationProof.TryCreate(scene.Cryptography, paths[0], paths[operation.Size % 4 == 2 ? 0 : 1], out var proof)
            ? new EquivocationReportBody { Proof = ByteString.CopyFrom(proof.Encode()) }
            : new EquivocationReportBody();
    }

    private GenesisBody Genesis(FuzzDevice writer, FuzzOperation operation)
    {
        var body = new GenesisBody { Name = new string('g', operation.Size % 200), Salt = ByteString.CopyFrom(new byte[operation.Size % 20]) };
        foreach (var device in operation.Target % 2 == 0 ? [writer] : scene.Devices)
        {
            var member = new GenesisMember { Identity = ByteString.CopyFrom(device.Identity.ToArray()), Role = (uint)Role.Owner };
            member.Cards.Add(Bytes(device.Card()));
            body.Members.Add(member);
        }

        return body;
    }

    /// <summary>A card with another leaf key. Homes seldom lose theirs, or there would be nothing that their copies show alike.</summary>
    private DeviceCard Rekeyed(FuzzDevice device, FuzzOperation operation, uint leafIndex) =>
        device.Card(leafIndex, isFresh: !scene.IsHome(device) || operation.Target % 8 == 7);

    private FuzzDevice Fresh(FuzzDevice beside) =>
        beside.Certificate.Links.Count < DeviceCertificate.MaxLinks ? FuzzDevice.Beside(scene.Cryptography, beside) : beside;

    private static IEnumerable<ByteString> Repeated(DeviceCard card, int times) => Enumerable.Repeat(Bytes(card), times);

    private static ByteString Spoilt(DeviceCard card)
    {
        var bytes = card.Encode();
        bytes[^1] ^= 1;
        return ByteString.CopyFrom(bytes);
    }
}
