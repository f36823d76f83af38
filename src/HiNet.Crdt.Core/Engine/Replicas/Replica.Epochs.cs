using Google.Protobuf;
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
        var newest = new List<(EntryId, byte[])>();
        foreach (var epoch in _epochs.Values.Where(e => e.IsHeld).OrderByDescending(e => e.Arrival))
        {
            if (newest.Count < limit && SecretOf(epoch.Id) is { } secret)
            {
                newest.Add((epoch.Id, secret));
            }
        }

        newest.Reverse();
        return newest;
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
            if (SecretOf(next.Epoch) is not null)
            {
                continue;
            }

            var body = FindInfo(next.Epoch) is { } info ? ReadEpoch(info) : null;
            if (body is not null && !IsCommitted(body, next.Secret))
            {
                _services.Marks.Hit("epoch.secret.wrong");
                continue;
            }

            _secrets[next.Epoch] = next.Secret;
            _host.MeetingChanged(this);
            if (_epochs.TryGetValue(next.Epoch, out var state))
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
        KeepEpoch(id, info.Arrival, RecipientsOf(state), body);
        JudgeHanded(id, body);
        if (SecretOf(id) is { } handed && !IsCommitted(body, handed))
        {
            // A home of before kept it ahead of the entry, from someone who was wrong or lied.
            _services.Marks.Hit("epoch.secret.wrong");
            _secrets.Remove(id);
            _services.Store.Delete(ColumnFamily.Secrets, StoreKeys.EpochSecret(Number, id));
        }

        if (SecretOf(id) is { } known)
        {
            // Where members meet under the epoch is known only now, although the secret came before.
            _epochs[id].IsHeld = true;
            _host.MeetingChanged(this);
            foreach (var (older, secret) in OpenLinks(body, known))
            {
                LearnSecret(older, secret);
            }
        }
        else if (OpenBox(state, body) is { } secret)
        {
            LearnSecret(id, secret);
        }
    }

    private void KeepEpoch(EntryId id, ulong arrival, Bytes32 recipients, EpochBody body)
    {
        // Whichever of the two comes first: what is superseded must not depend on the order of arrival.
        _epochs[id] = new EpochState(id, arrival, recipients) { IsSuperseded = _supersededEpochs.Contains(id) };
        foreach (var link in body.Supersedes)
        {
            _supersededEpochs.Add(new EntryId(link.Epoch.Span));
            if (_epochs.TryGetValue(new EntryId(link.Epoch.Span), out var older))
            {
                older.IsSuperseded = true;
            }
        }
    }

    private byte[]? OpenBox(AuthorityState state, EpochBody body)
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
                && IsCommitted(body, secret.ToArray())
                    ? secret.ToArray()
                    : null;
        }

        return null;
    }

    private bool IsCommitted(EpochBody body, byte[] secret) =>
        EpochCommitment.Of(_services.Cryptography, Id, new Bytes32(secret)).ToArray().AsSpan().SequenceEqual(body.Commitment.Span);

    private EpochBody? ReadEpoch(EntryInfo epoch)
    {
        if (epoch.Kind != EntryKind.Epoch
            || !_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, epoch.Arrival), out var value))
        {
            return null;
        }

        var record = new EntryRecord(value);
        return EntryCodec.TryDecode(record.Header.ToArray(), out var header, out _)
            ? OpenControl(header!, record.Header, record.Body)?.Epoch
            : null;
    }

    private List<(EntryId Epoch, byte[] Secret)> OpenLinks(EpochBody body, byte[] secret)
    {
        var opened = new List<(EntryId, byte[])>();
        foreach (var link in body.Supersedes)
        {
            var epoch = new EntryId(link.Epoch.Span);
            if (EpochLink.TryOpen(_services.Cryptography, new Bytes32(secret), epoch, link.Sealed.Span, out var older))
            {
                opened.Add((epoch, older.ToArray()));
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

    /// <summary>
    /// The epoch to write under, made now when none is usable, none opens here, or one would stay behind that someone made who had
    /// not heard of today's devices: only a later epoch's link hands its secret to those whom it is not sealed to.
    /// </summary>
    private (EntryId Id, byte[] Secret) AcquireEpoch(Instant now)
    {
        var recipients = RecipientsOf(Authority);
        (EntryId Id, byte[] Secret)? found = null;
        var isLeftBehind = false;
        foreach (var epoch in _epochs.Values)
        {
            if (!epoch.IsSuperseded && epoch.IsHeld)
            {
                if (epoch.Recipients != recipients)
                {
                    isLeftBehind = true;
                }
                else if (found is null && SecretOf(epoch.Id) is { } secret)
                {
                    found = (epoch.Id, secret);
                }
            }
        }

        var mayCreate = Authority.RoleOf(_services.Identity) >= Role.Member;
        return found is { } usable && !(isLeftBehind && mayCreate) ? usable : CreateEpoch(now);
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
        // that they hand it over; but one that is sealed to today's devices and does not open here is of no use to anybody.
        var today = RecipientsOf(Authority);
        List<EpochState> superseded =
            [.. _epochs.Values.Where(epoch => !epoch.IsSuperseded && (epoch.IsHeld || epoch.Recipients == today)).OrderBy(epoch => !epoch.IsHeld)];
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
}
