using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// Whoever writes, or acknowledges, asks by that for an epoch that is withheld from them. Whoever only reads asks unbidden, by an epoch of their own.
/// One is enough where many lack the same, and it has a box for every device: so devices wait for each other, in order of their ids.
/// </summary>
internal sealed partial class Replica
{
    /// <summary>How often since the start epochs of each person were asked for unbidden; at most <see cref="Limits.EpochsAskedFor"/>.</summary>
    private readonly SortedDictionary<IdentityId, int> _askedFor = [];

    /// <summary>When an epoch is asked for unbidden that is withheld by then.</summary>
    public Instant EpochDeadline { get; private set; } = Instant.Never;

    /// <summary>Makes an epoch that takes the place of withheld ones without their secrets: who holds these hands them over when they write.</summary>
    public void AskForEpochs(Instant now)
    {
        if (IsBehindItself(now))
        {
            EpochDeadline = _ownHeadPatience;
            return;
        }

        EpochDeadline = Instant.Never;
        var today = RecipientsOf(Authority);
        if (!Authority.MayWrite(_services.Device) || !LacksEpochs(today))
        {
            return;
        }

        List<IdentityId> authors = [.. _epochs.Values.Where(epoch => IsWithheld(epoch, today)).Select(epoch => epoch.Author).Distinct()];
        if (authors.TrueForAll(author => _askedFor.GetValueOrDefault(author) >= Limits.EpochsAskedFor))
        {
            _services.Marks.Hit("bound.epochs.asked.for");
            return;
        }

        foreach (var author in authors)
        {
            _askedFor[author] = _askedFor.GetValueOrDefault(author) + 1;
        }

        _services.Marks.Hit("epoch.asked.for");
        CreateEpoch(now);
    }

    /// <summary>Something cannot be read here for want of a secret. Before peers have said what they hold, it may be on its way.</summary>
    private void AskLater(Instant now)
    {
        var devices = Authority.AuthorizedDevices;
        if (EpochDeadline != Instant.Never || !_hasCompared || !Authority.MayWrite(_services.Device))
        {
            return;
        }

        var before = 0;
        while (devices[before].Device != _services.Device)
        {
            before++;
        }

        // An acknowledgement asks as well, and comes first.
        EpochDeadline = now + (_services.Options.ReceiptDelay * (2 + before));
    }
}
