using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// When another epoch is made. Whoever made an epoch may have sealed it rightly to some and wrongly to others, and only those know. So whoever holds an
/// epoch's secret sees to it that a later epoch hands it over, and whoever does not hold one under which others write makes one that takes its
/// place without its secret, which tells those who do. Nothing is judged by any of this: it decides what is written, not what is taken.
/// </summary>
internal sealed partial class Replica
{
    /// <summary>
    /// The epoch to write under, made now when none is usable, none opens here, or one would stay behind whose secret somebody lacks: only a later
    /// epoch's link hands it to those whom it is not sealed to.
    /// </summary>
    private (EntryId Id, byte[] Secret) AcquireEpoch(Instant now)
    {
        var recipients = RecipientsOf(Authority);
        (EntryId Id, byte[] Secret)? found = null;
        var isLeftBehind = false;
        foreach (var epoch in _epochs.Values.Where(epoch => epoch.IsHeld && !epoch.IsHandedOver))
        {
            if (epoch.IsSuperseded || epoch.Recipients != recipients)
            {
                isLeftBehind = true;
            }
            else if (found is null && SecretOf(epoch.Id) is { } secret)
            {
                found = (epoch.Id, secret);
            }
        }

        var mayCreate = Authority.RoleOf(_services.Identity) >= Role.Member;
        return found is { } usable && !(mayCreate && (isLeftBehind || LacksEpochs(recipients))) ? usable : CreateEpoch(now);
    }

    private (EntryId Id, byte[] Secret) CreateEpoch(Instant now)
    {
        MergeTips(now);
        var secret = new byte[32];
        _services.Cryptography.FillSecret(secret);
        var recipients = Authority.AuthorizedDevices;
        var boxes = EpochBox.Seal(
            _services.Cryptography, Id, new Bytes32(secret), [.. recipients.Select(device => device.Card.LeafKey)]);
        var body = new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(boxes.Ephemeral.ToArray()),
            Boxes = ByteString.CopyFrom(boxes.Boxes.Span),
            Commitment = ByteString.CopyFrom(EpochCommitment.Of(_services.Cryptography, Id, new Bytes32(secret)).ToArray()),
        };
        // More than fit, which only someone hostile makes, wait for the next epoch. One that is not held stays for those who hold it, so
        // that they hand it over. One that is sealed to today's devices and does not open here may open for others, who write under it: that this
        // one takes its place, and has no secret of it, tells them to.
        var today = RecipientsOf(Authority);
        List<EpochState> superseded =
        [
            .. _epochs.Values
                .Where(epoch => epoch.IsHeld ? !epoch.IsHandedOver : IsWithheld(epoch, today))
                .OrderBy(epoch => epoch.IsHeld ? epoch.IsSuperseded ? 1 : 0 : 2),
        ];
        if (superseded.Count > _services.Bounds.SupersededEpochs)
        {
            _services.Marks.Hit("bound.superseded.epochs");
        }

        foreach (var older in superseded.Take(_services.Bounds.SupersededEpochs))
        {
            var link = new EpochLinkBody { Epoch = ByteString.CopyFrom(older.Id.ToArray()) };
            if (SecretOf(older.Id) is { } oldSecret)
            {
                link.Sealed = ByteString.CopyFrom(
                    EpochLink.Seal(_services.Cryptography, new Bytes32(secret), older.Id, new Bytes32(oldSecret)));
            }

            body.Supersedes.Add(link);
        }

        var id = AppendControl(EntryKind.Epoch, body, now);
        _services.Marks.Hit("epoch.created");

        // Its own box does not open where a copy of this device has introduced a leaf key that is not here; whoever made it needs no box.
        LearnSecret(id, secret);
        return (id, secret);
    }

    /// <summary>An epoch has taken another one's place and has this secret of it under its own.</summary>
    private void NoteHandedOver(EntryId epoch, byte[] secret)
    {
        if (_epochs.TryGetValue(epoch, out var older) && !older.IsHandedOver)
        {
            older.IsHandedOver = IsCommitted(older, secret);
        }
    }

    /// <summary>It is sealed to the devices of today and not superseded, so that others write under it, and does not open here.</summary>
    private bool IsWithheld(EpochState epoch, Bytes32 today) =>
        !epoch.IsHeld && !epoch.IsSuperseded && epoch.Recipients == today && !_services.Has(PlantedBug.EpochsNotAskedFor);

    /// <summary>Something cannot be read here, and an epoch is withheld whose secret may lead to what opens it.</summary>
    private bool LacksEpochs(Bytes32 today) =>
        _epochs.Values.Any(epoch => !epoch.IsHeld && epoch.HasUnread) && _epochs.Values.Any(epoch => IsWithheld(epoch, today));

    private void NoteUnread(EntryId epoch)
    {
        if (_epochs.TryGetValue(epoch, out var state))
        {
            state.HasUnread = true;
        }
    }

    /// <summary>After a start. Content comes behind its epoch, unless somebody hostile wrote it.</summary>
    private void RecallUnread()
    {
        foreach (var epoch in _epochs.Values.Where(epoch => !epoch.IsHeld))
        {
            var prefix = StoreKeys.Tagged('u', Number, epoch.Id.Value);
            epoch.HasUnread = _services.Store.FirstKey(ColumnFamily.Parked, prefix, StoreKeys.After(prefix)) is not null;
        }
    }
}
