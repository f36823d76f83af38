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

    /// <summary>Secrets of the newest epochs, newest last: an invitation hands them over.</summary>
    public IReadOnlyList<(EntryId Epoch, byte[] Secret)> NewestSecrets(int limit)
    {
        var newest = new List<(EntryId, byte[])>();
        foreach (var epoch in _epochs.Values.OrderByDescending(e => e.Arrival))
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

    /// <summary>Takes an epoch's secret from a box, a link or an invitation, and opens with it whatever waited for it.</summary>
    public void LearnSecret(EntryId epoch, byte[] secret)
    {
        var pending = new Stack<(EntryId Epoch, byte[] Secret)>([(epoch, secret)]);
        while (pending.TryPop(out var next))
        {
            if (SecretOf(next.Epoch) is not null)
            {
                continue;
            }

            _secrets[next.Epoch] = next.Secret;
            _services.Store.Put(
                ColumnFamily.Secrets, StoreKeys.EpochSecret(Number, next.Epoch), _services.SealSecret(next.Secret, Id.ToArray()));
            if (FindInfo(next.Epoch) is { } info)
            {
                foreach (var older in OpenLinks(info, next.Secret))
                {
                    pending.Push(older);
                }
            }

            IndexUnreadable(next.Epoch, next.Secret);
        }
    }

    private void CommitEpoch(EntryId id, EntryInfo info, AuthoritySet past, EpochBody body)
    {
        var state = _graph.StateOf(past);
        KeepEpoch(id, info.Arrival, RecipientsOf(state), body);
        if (SecretOf(id) is { } known)
        {
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
                && EpochCommitment.Of(_services.Cryptography, Id, secret).ToArray().AsSpan().SequenceEqual(body.Commitment.Span)
                    ? secret.ToArray()
                    : null;
        }

        return null;
    }

    private IEnumerable<(EntryId Epoch, byte[] Secret)> OpenLinks(EntryInfo epoch, byte[] secret)
    {
        if (!_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, epoch.Arrival), out var value))
        {
            return [];
        }

        var record = new EntryRecord(value);
        return EntryCodec.TryDecode(record.Header.ToArray(), out var header, out _)
            && OpenControl(header!, record.Header, record.Body) is { Epoch: { } body }
                ? OpenLinks(body, secret)
                : [];
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

    /// <summary>The epoch to write under, made now when none is usable or none opens here.</summary>
    private (EntryId Id, byte[] Secret) AcquireEpoch(Instant now)
    {
        foreach (var id in UsableEpochs())
        {
            if (SecretOf(id) is { } secret)
            {
                return (id, secret);
            }
        }

        return CreateEpoch(now);
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
        foreach (var older in _epochs.Values.Where(epoch => !epoch.IsSuperseded))
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
        return (id, SecretOf(id) ?? throw new InvalidOperationException("An epoch that this device made does not open for it."));
    }
}
