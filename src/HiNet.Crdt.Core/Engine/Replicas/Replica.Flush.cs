using System.Buffers;
using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private bool _membersChanged;
    private (Frontier Frontier, Bytes32 StateHash) _sealedState = (Frontier.Empty, default);

    /// <summary>What others may be told before the first batch is durable: that nothing is here.</summary>
    private void SealEmpty()
    {
        _sealedState = (Frontier.Empty, StateHash());
        DurableStateHash = _sealedState.StateHash;
    }

    /// <summary>Puts what is derived into the batch about to be made durable, and signs what this device wrote in it.</summary>
    public void Flush()
    {
        SignBurst();
        KeepTails();
        (_erasesInWrite, _erasesInBatch) = (_erasesInBatch, false);
        foreach (var log in _dirtyDevices.Values)
        {
            PutDevice(log);
        }

        _dirtyDevices.Clear();
        foreach (var member in _dirtyReceipts)
        {
            _services.Store.Put(
                ColumnFamily.Conversations, StoreKeys.Receipt(Number, member), _receipts[member].Encode());
        }

        _dirtyReceipts.Clear();
        if (_membersChanged)
        {
            PutMembers();
            _membersChanged = false;
        }

        _sealedState = (CurrentFrontier(), StateHash());
        var record = new ReplicaRecord
        {
            LastArrival = LastArrival,
            Entries = EntryCount,
            Sum = ByteString.CopyFrom(_sum.ToArray()),
            Devices = (uint)_devices.Count,
            StateHash = ByteString.CopyFrom(_sealedState.StateHash.ToArray()),
            LastHlc = _lastHlc,
            Parked = (uint)ParkedCount,
            Missing = (uint)MissingCount,
            Revealed = _revealed,
        };
        PutTips(record);
        _services.Store.Put(ColumnFamily.Conversations, StoreKeys.Replica(Number), record.ToByteArray());
    }

    /// <summary>What two replicas with equal frontiers must agree on: heads, entries with their standing, members, devices, usable epochs.</summary>
    public Bytes32 StateHash()
    {
        var usable = UsableEpochs().ToList();
        var authority = Authority;
        _services.Cost.Count(CostKind.Head, _devices.Count + authority.Members.Count + authority.AuthorizedDevices.Count + _epochs.Count);
        var size = 32 + 32 + 16
            + _devices.Values.Sum(log => log.Branches.Count * 32)
            + (authority.Members.Count * 33)
            + (authority.AuthorizedDevices.Count * 64)
            + (usable.Count * 32);
        var room = ArrayPool<byte>.Shared.Rent(size);
        var message = room.AsSpan(0, size);
        var rest = message;
        Id.CopyTo(rest);
        _sum.ToArray().CopyTo(rest[32..]);
        rest = rest[64..];
        WriteCount(ref rest, _devices.Values.Sum(log => log.Branches.Count));
        foreach (var log in _devices.Values)
        {
            foreach (var (_, head) in log.Heads)
            {
                head.CopyTo(rest);
                rest = rest[32..];
            }
        }

        WriteCount(ref rest, authority.Members.Count);
        foreach (var member in authority.Members)
        {
            member.Identity.CopyTo(rest);
            rest[32] = (byte)member.Role;
            rest = rest[33..];
        }

        WriteCount(ref rest, authority.AuthorizedDevices.Count);
        foreach (var device in authority.AuthorizedDevices)
        {
            device.Device.CopyTo(rest);
            device.Card.LeafKey.CopyTo(rest[32..]);
            rest = rest[64..];
        }

        WriteCount(ref rest, usable.Count);
        foreach (var epoch in usable)
        {
            epoch.CopyTo(rest);
            rest = rest[32..];
        }

        Span<byte> digest = stackalloc byte[32];
        _services.Cryptography.Blake2bJoined(EngineDomains.StateHash, message, digest, key: default);
        ArrayPool<byte>.Shared.Return(room);
        return new Bytes32(digest);
    }

    private static void WriteCount(ref Span<byte> rest, int count)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(rest, count);
        rest = rest[4..];
    }

    /// <summary>Whose each new device is: of those that find no place among the members' devices nothing else says so to readers.</summary>
    private void PutOwners(IReadOnlyList<DeviceCard> cards)
    {
        foreach (var card in cards)
        {
            var key = StoreKeys.Owner(Number, card.Device);
            if (_graph.OwnerOf(card.Device) is null && !_services.Store.TryGet(ColumnFamily.Conversations, key, out _))
            {
                _services.Store.Put(ColumnFamily.Conversations, key, card.Identity.ToArray());
            }
        }
    }

    private void PutMembers()
    {
        var authority = Authority;
        var record = new MembersRecord();
        foreach (var member in authority.Members)
        {
            var name = authority.AuthorizedDevices.FirstOrDefault(device => device.Identity == member.Identity).Card?.Name;
            record.Members.Add(new MemberRecord
            {
                Identity = ByteString.CopyFrom(member.Identity.ToArray()),
                Name = name ?? string.Empty,
                Role = (uint)member.Role,
                Since = member.Since.Value,
            });
        }

        foreach (var device in authority.Devices)
        {
            record.Devices.Add(new DeviceOwnerRecord
            {
                Device = ByteString.CopyFrom(device.Device.ToArray()),
                Identity = ByteString.CopyFrom(device.Identity.ToArray()),
                Name = device.Card.Name,
            });
        }

        _services.PutSealed(ColumnFamily.Conversations, StoreKeys.Members(Number), record.ToByteArray());
    }
}
