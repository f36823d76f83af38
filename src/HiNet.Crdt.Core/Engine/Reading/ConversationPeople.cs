using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>One version of a conversation's record of members and devices, parsed. Never changes, so reads can share it.</summary>
internal sealed class ConversationPeople
{
    private readonly byte[] _row;
    private readonly Dictionary<DeviceId, IdentityId> _owners = [];
    private readonly Dictionary<IdentityId, string> _names = [];

    /// <param name="row">The record as it lies in the store.</param>
    /// <param name="record">What it says.</param>
    public ConversationPeople(byte[] row, byte[] record)
    {
        _row = row;
        var parsed = MembersRecord.Parser.ParseFrom(record);
        Members = [.. parsed.Members];
        foreach (var device in parsed.Devices)
        {
            var owner = new IdentityId(device.Identity.Span);
            _owners[new DeviceId(device.Device.Span)] = owner;
            _names[owner] = device.Name;
        }
    }

    public IReadOnlyList<MemberRecord> Members { get; }

    public IdentityId OwnerOf(DeviceId device) => _owners.GetValueOrDefault(device);

    /// <summary>What a person's device is called; null when nobody here is that person.</summary>
    public string? NameOf(IdentityId identity) => _names.GetValueOrDefault(identity);

    /// <summary>Whether this is what the row says.</summary>
    public bool IsOf(ReadOnlySpan<byte> row) => row.SequenceEqual(_row);
}
