using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// Epoch secrets come with an invitation, ahead of the epochs. Until an epoch's entry is here, which commits to the secret, what an inviter
/// says is their word: each one's is kept beside the others', and nothing is opened with it.
/// </summary>
internal sealed partial class Replica
{
    /// <summary>How many secrets of epochs that are not here each inviter has handed over.</summary>
    private readonly SortedDictionary<IdentityId, int> _handed = [];

    /// <summary>
    /// Takes what an invitation hands over, one secret of an epoch, of each inviter at most <see cref="Limits.InvitationEpochs"/> whose epochs are not here.
    /// </summary>
    public void TakeHanded(IdentityId by, IReadOnlyList<(EntryId Epoch, Bytes32 Secret)> secrets)
    {
        foreach (var (epoch, secret) in secrets.Skip(Math.Max(0, secrets.Count - Limits.InvitationEpochs)).DistinctBy(handed => handed.Epoch))
        {
            if (_epochs.ContainsKey(epoch))
            {
                LearnSecret(epoch, secret.ToArray());
                continue;
            }

            if (Knows(epoch))
            {
                // It is an entry of another kind.
                continue;
            }

            var key = StoreKeys.HandedSecret(Number, epoch, by);
            var isNew = !_services.Store.TryGet(ColumnFamily.Secrets, key, out _);
            if (isNew && _handed.GetValueOrDefault(by) >= Limits.InvitationEpochs)
            {
                _services.Marks.Hit("bound.handed.secrets");
                continue;
            }

            _handed[by] = _handed.GetValueOrDefault(by) + (isNew ? 1 : 0);
            _services.Store.Put(ColumnFamily.Secrets, key, _services.SealSecret(secret.ToArray(), Id.ToArray()));
        }

        if (secrets.Count > 0)
        {
            MeetUnder(new HandedEpoch(by, secrets[^1].Epoch, secrets[^1].Secret));
        }
    }

    /// <summary>Secrets of epochs that inviters handed over last and that have not come, while this person waits to be a member.</summary>
    public IEnumerable<Bytes32> HandedSecrets() =>
        AwaitsMembership ? Description.Handed.Where(handed => !_epochs.ContainsKey(handed.Epoch)).Select(handed => handed.Secret).Distinct() : [];

    /// <summary>
    /// Someone who invites this person says which epoch is the newest. Its members meet under the secret, and nothing else leads to
    /// them when the inviter is gone: so it is looked under until what makes this person a member is here.
    /// </summary>
    private void MeetUnder(HandedEpoch handed)
    {
        if (!AwaitsMembership || Description.Handed.Contains(handed))
        {
            return;
        }

        var others = Description.Handed.Where(known => known.By != handed.By).ToList();
        if (others.Count < Limits.InvitersOfOneGroup)
        {
            Description = Description with { Handed = [.. others, handed] };
            PutDescription();
            _host.MeetingChanged(this);
        }
    }

    /// <summary>An epoch's entry is here: of what was handed over for it, that which it commits to is its secret.</summary>
    private void JudgeHanded(EpochState epoch)
    {
        List<(byte[] Key, byte[] Blob)> rows = [];
        var prefix = StoreKeys.HandedSecrets(Number, epoch.Id);
        using (var iterator = _services.Store.Scan(ColumnFamily.Secrets, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                rows.Add((iterator.Key.ToArray(), iterator.Value.ToArray()));
            }
        }

        foreach (var (key, blob) in rows)
        {
            var by = new IdentityId(key.AsSpan()[^Bytes32.Size..]);
            _handed[by] = Math.Max(0, _handed.GetValueOrDefault(by) - 1);
            _services.Store.Delete(ColumnFamily.Secrets, key);
            if (_services.TryOpenSecret(blob, Id.ToArray(), out var secret) && IsCommitted(epoch, secret))
            {
                LearnSecret(epoch.Id, secret);
            }
            else
            {
                _services.Marks.Hit("epoch.secret.wrong");
            }
        }
    }

    private void CountHanded()
    {
        var prefix = StoreKeys.Tagged('h', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Secrets, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var by = new IdentityId(iterator.Key[^Bytes32.Size..]);
            _handed[by] = _handed.GetValueOrDefault(by) + 1;
        }
    }
}
