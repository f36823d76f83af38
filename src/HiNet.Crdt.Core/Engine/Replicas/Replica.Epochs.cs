using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly SortedDictionary<EntryId, EpochState> _epochs = [];
    private readonly SortedSet<EntryId> _supersededEpochs = [];
    private readonly Dictionary<EntryId, byte[]> _secrets = [];

    /// <summary>Epochs that a sender may use now, in order of id: not superseded, and sealed to exactly the devices of now.</summary>
    public IEnumerable<EntryId> UsableEpochs()
    {
        var recipients = RecipientsOf(Authority);
        return _epochs.Values.Where(e => !e.IsSuperseded && e.Recipients == recipients).Select(e => e.Id);
    }

    public int EpochCount => _epochs.Count;

    /// <summary>Secrets of the newest epochs, newest last: an invitation hands them over.</summary>
    public IReadOnlyList<(EntryId Epoch, byte[] Secret)> NewestSecrets(int limit)
    {
        // Each opening of a channel asks, and a member can have any number made: they are gone through, never sorted.
        var newest = new PriorityQueue<EntryId, ulong>();
        foreach (var epoch in _epochs.Values)
        {
            if (epoch.IsHeld)
            {
                newest.Enqueue(epoch.Id, epoch.Arrival);
                if (newest.Count > limit)
                {
                    newest.Dequeue();
                }
            }
        }

        var secrets = new List<(EntryId, byte[])>(newest.Count);
        while (newest.TryDequeue(out var id, out _))
        {
            if (SecretOf(id) is { } secret)
            {
                secrets.Add((id, secret));
            }
        }

        return secrets;
    }

    public byte[]? SecretOf(EntryId epoch)
    {
        if (_secrets.TryGetValue(epoch, out var secret))
        {
            return secret;
        }

        secret = _services.Store.TryGet(ColumnFamily.Secrets, StoreKeys.EpochSecret(Number, epoch), out var blob)
            && _services.TryOpenSecret(blob, Id.ToArray(), out var opened)
                ? opened
                : null;
        if (secret is not null)
        {
            // What is not held is asked for again: a member can name any number of epochs that never were.
            _secrets[epoch] = secret;
        }

        return secret;
    }

    /// <summary>Takes an epoch's secret, which its entry commits to, from a box, a link or an invitation, and opens with it whatever waited for it.</summary>
    public void LearnSecret(EntryId epoch, byte[] secret)
    {
        var pending = new Stack<(EntryId Epoch, byte[] Secret)>([(epoch, secret)]);
        while (pending.TryPop(out var next))
        {
            // Compared before anything is read: others choose how many secrets they say an epoch has.
            _epochs.TryGetValue(next.Epoch, out var state);
            if (state is null ? SecretOf(next.Epoch) is not null : state.IsHeld)
            {
                continue;
            }

            if (state is not null && !IsCommitted(state, next.Secret))
            {
                _services.Marks.Hit("epoch.secret.wrong");
                continue;
            }

            var body = state is null ? null : ReadEpoch(state);
            _secrets[next.Epoch] = next.Secret;
            _host.MeetingChanged(this);
            if (state is not null)
            {
                state.IsHeld = true;
            }

            _services.Store.Put(
                ColumnFamily.Secrets, StoreKeys.EpochSecret(Number, next.Epoch), _services.SealSecret(next.Secret, Id.ToArray()));
            foreach (var older in body is null ? [] : OpenLinks(body, next.Secret))
            {
                pending.Push(older);
            }

            IndexUnreadable(next.Epoch, next.Secret);
        }
    }

    private void CommitEpoch(EntryId id, EntryInfo info, AuthoritySet past, EpochBody body)
    {
        var state = _graph.StateOf(past);
        var author = state.TryGetDevice(info.Device, out var device) ? device.Identity : default;
        var epoch = KeepEpoch(id, info.Arrival, RecipientsOf(state), author, body);
        JudgeHanded(epoch);
        if (SecretOf(id) is { } handed && !IsCommitted(epoch, handed))
        {
            // A home of before kept it ahead of the entry, from someone who was wrong or lied.
            _services.Marks.Hit("epoch.secret.wrong");
            _secrets.Remove(id);
            _services.Store.Delete(ColumnFamily.Secrets, StoreKeys.EpochSecret(Number, id));
        }

        if (SecretOf(id) is { } known)
        {
            // Where members meet under the epoch is known only now, although the secret came before.
            epoch.IsHeld = true;
            _host.MeetingChanged(this);
            foreach (var (older, secret) in OpenLinks(body, known))
            {
                LearnSecret(older, secret);
            }
        }
        else if (OpenBox(state, epoch, body) is { } secret)
        {
            LearnSecret(id, secret);
        }
    }

    private EpochState KeepEpoch(EntryId id, ulong arrival, Bytes32 recipients, IdentityId author, EpochBody body)
    {
        // Whichever of the two comes first: what is superseded must not depend on the order of arrival.
        Bytes32? commitment = body.Commitment.Length == Bytes32.Size ? new Bytes32(body.Commitment.Span) : null;
        var epoch = _epochs[id] = new EpochState(id, arrival, recipients, author, commitment) { IsSuperseded = _supersededEpochs.Contains(id) };
        foreach (var link in body.Supersedes)
        {
            _supersededEpochs.Add(new EntryId(link.Epoch.Span));
            if (_epochs.TryGetValue(new EntryId(link.Epoch.Span), out var older))
            {
                older.IsSuperseded = true;
            }
        }

        return epoch;
    }

    private byte[]? OpenBox(AuthorityState state, EpochState epoch, EpochBody body)
    {
        for (var i = 0; i < state.AuthorizedDevices.Count; i++)
        {
            var device = state.AuthorizedDevices[i];
            if (device.Device != _services.Device)
            {
                continue;
            }

            return _services.TryGetLeafSecret(device.Card.LeafIndex, out var leaf)
                && EpochBox.TryOpen(
                    _services.Cryptography, Id, leaf.Secret.Span, device.Card.LeafKey, new Bytes32(body.Ephemeral.Span),
                    body.Boxes.Span.Slice(i * EpochBox.Size, EpochBox.Size), out var secret)
                && IsCommitted(epoch, secret.ToArray())
                    ? secret.ToArray()
                    : null;
        }

        return null;
    }

    private bool IsCommitted(EpochState epoch, byte[] secret) =>
        _services.Has(PlantedBug.SecretsBelieved)
        || (epoch.Commitment is { } commitment && EpochCommitment.Of(_services.Cryptography, Id, new Bytes32(secret)) == commitment);

    private EpochBody? ReadEpoch(EpochState epoch)
    {
        if (!_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, epoch.Arrival), out var value))
        {
            return null;
        }

        var record = new EntryRecord(value);
        return EntryCodec.TryDecode(record.Header.ToArray(), out var header, out _)
            ? OpenControl(header!, record.Header, record.Body)?.Epoch
            : null;
    }

    /// <summary>The secrets that an epoch has under its own. Those that are right are handed over by it.</summary>
    private List<(EntryId Epoch, byte[] Secret)> OpenLinks(EpochBody body, byte[] secret)
    {
        var opened = new List<(EntryId, byte[])>();
        foreach (var link in body.Supersedes)
        {
            var epoch = new EntryId(link.Epoch.Span);
            if (EpochLink.TryOpen(_services.Cryptography, new Bytes32(secret), epoch, link.Sealed.Span, out var older))
            {
                opened.Add((epoch, older.ToArray()));
                NoteHandedOver(epoch, older.ToArray());
            }
        }

        return opened;
    }

    private static bool HasOneBoxEach(EpochBody body, AuthorityState state) =>
        body.Boxes.Length == state.AuthorizedDevices.Count * EpochBox.Size;

    private Bytes32 RecipientsOf(AuthorityState state)
    {
        if (state.RecipientsDigest is { } known)
        {
            return known;
        }

        var bytes = new byte[state.AuthorizedDevices.Count * 64];
        for (var i = 0; i < state.AuthorizedDevices.Count; i++)
        {
            state.AuthorizedDevices[i].Device.CopyTo(bytes.AsSpan(i * 64));
            state.AuthorizedDevices[i].Card.LeafKey.CopyTo(bytes.AsSpan((i * 64) + 32));
        }

        Span<byte> digest = stackalloc byte[32];
        _services.Cryptography.Blake2bJoined(EngineDomains.EpochRecipients, bytes, digest, key: default);
        state.RecipientsDigest = new Bytes32(digest);
        return state.RecipientsDigest.Value;
    }
}
