using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// A group's control key comes with an invitation, and whoever has heard the group's id can invite with a wrong one. Only the
/// genesis tells: its hash is the group's id, and one key opens it. Until it comes, the keys of several inviters are kept.
/// </summary>
internal sealed partial class Replica
{
    /// <summary>Keys of other inviters, at most <see cref="Limits.InvitersOfOneGroup"/> with the first; none once an entry is here.</summary>
    private readonly SortedDictionary<IdentityId, byte[]> _otherControlKeys = [];
    private byte[] _controlKey;

    /// <summary>What every joiner is handed: opens control bodies, and proves on a link that one belongs to the conversation.</summary>
    public ReadOnlySpan<byte> ControlKey => _controlKey;

    /// <summary>How many it may be.</summary>
    public int ControlKeyCount => 1 + _otherControlKeys.Count;

    /// <summary>All that it may be, those first that somebody of these has said.</summary>
    public IEnumerable<byte[]> ControlKeysBy(ISet<IdentityId> people) =>
        _otherControlKeys.Where(known => people.Contains(known.Key)).Select(known => known.Value)
            .Append(_controlKey)
            .Concat(_otherControlKeys.Where(known => !people.Contains(known.Key)).Select(known => known.Value));

    /// <summary>Whether somebody has said what it may be, and the genesis has not told.</summary>
    public bool MayHaveKeyOf(IdentityId by) => _otherControlKeys.ContainsKey(by);

    /// <summary>Someone invites to this group with a key: the first of each inviter counts.</summary>
    public KeyOffer OfferControlKey(IdentityId by, ReadOnlySpan<byte> key)
    {
        if (_controlKey.AsSpan().SequenceEqual(key) || (_otherControlKeys.TryGetValue(by, out var known) && known.AsSpan().SequenceEqual(key)))
        {
            return KeyOffer.Taken;
        }

        if (EntryCount > 0 || known is not null || by == Description.InvitedBy || _services.Has(PlantedBug.FirstKeyCounts))
        {
            return KeyOffer.Wrong;
        }

        if (ControlKeyCount >= Limits.InvitersOfOneGroup)
        {
            return KeyOffer.NoPlace;
        }

        _services.Marks.Hit("group.other.key");
        _otherControlKeys[by] = key.ToArray();
        _services.Store.Put(
            ColumnFamily.Secrets, StoreKeys.OtherControlKey(Number, by), _services.SealSecret(key, Id.ToArray()));
        _host.AuthorityChanged(this);
        return KeyOffer.Taken;
    }

    /// <summary>The invitation that lies at a place of this direct conversation; null when it cannot be read.</summary>
    public GroupInvitationBody? ReadInvitation(ulong arrival)
    {
        if (!_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value))
        {
            return null;
        }

        var record = new EntryRecord(value);
        var header = Decode(record.Header);
        return header is { Kind: EntryKind.GroupInvitation, Epoch: { } epoch }
            && SecretOf(epoch) is { } secret
            && TryOpenKept(record, header, secret, out var plaintext)
                ? GroupInvitationBody.Parser.ParseFrom(plaintext)
                : null;
    }

    private bool TryOtherControlKeys(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> body, [NotNullWhen(true)] out byte[]? plaintext)
    {
        foreach (var key in _otherControlKeys.Values)
        {
            if (BodyCipher.TryOpen(_services.Cryptography, key, prefix, body, out plaintext))
            {
                _services.Marks.Hit("group.other.key.right");
                _controlKey = key;
                PutControlKey();
                return true;
            }
        }

        plaintext = null;
        return false;
    }

    private void PutControlKey() => _services.Store.Put(
        ColumnFamily.Secrets, StoreKeys.ControlKey(Number), _services.SealSecret(_controlKey, Id.ToArray()));

    /// <summary>The genesis has been opened.</summary>
    private void ForgetOtherControlKeys()
    {
        foreach (var by in _otherControlKeys.Keys)
        {
            _services.Store.Delete(ColumnFamily.Secrets, StoreKeys.OtherControlKey(Number, by));
        }

        _otherControlKeys.Clear();
    }

    private void LoadOtherControlKeys()
    {
        var prefix = StoreKeys.Tagged('k', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Secrets, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            if (_services.TryOpenSecret(iterator.Value, Id.ToArray(), out var key))
            {
                _otherControlKeys[new IdentityId(iterator.Key[5..])] = key;
            }
        }
    }
}
