using System.Buffers.Binary;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// The slots that this node keeps for others: bounded by target, by the network they came from and in all; in memory only, since
/// publishers put them again. A writer's slot gives way to a newer one of the same writer; when the store is full, to one from a wide network
/// that holds less than the one that holds most; and among networks that hold as much, to one that lasts longer.
/// </summary>
internal sealed class SlotStore(DhtOptions options)
{
    /// <summary>In bytes.</summary>
    public const int DigestSize = 16;

    private readonly SortedDictionary<Bytes32, List<StoredSlot>> _targets = [];
    private readonly SortedSet<StoredSlot> _byExpiry = new(StoredSlot.ByExpiry);
    private readonly Dictionary<UInt128, int> _sources = [];

    /// <summary>The slots of each wide network that has some, the first to expire first.</summary>
    private readonly Dictionary<UInt128, SortedSet<StoredSlot>> _networks = [];

    /// <summary>How many slots each of them has, and which it is: the last one has most.</summary>
    private readonly SortedSet<(int Count, UInt128 Network)> _bySize = [];
    private long _arrivals;

    public int Count => _byExpiry.Count;

    /// <summary>How many targets they are at.</summary>
    public int Targets => _targets.Count;

    /// <summary>How many slots there are at a target.</summary>
    public int Held(Bytes32 target) => _targets.TryGetValue(target, out var slots) ? slots.Count : 0;

    /// <summary>Which slots these are, writers ascending: two holders with the same digest have nothing to tell that the other has not.</summary>
    public static byte[] Digest(ICryptography cryptography, IReadOnlyList<DhtSlot> slots)
    {
        var message = new byte[slots.Count * (Bytes32.Size + sizeof(ulong))];
        var rest = message.AsSpan();
        foreach (var slot in slots)
        {
            slot.Writer.CopyTo(rest);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[Bytes32.Size..], slot.Sequence);
            rest = rest[(Bytes32.Size + sizeof(ulong))..];
        }

        var digest = new byte[DigestSize];
        cryptography.Blake2bJoined(first: Domains.DhtHeld, second: message, digest: digest);
        return digest;
    }

    /// <summary>The slots at a target that have not expired and whose writers come after <paramref name="after"/>, ascending; none while the time is unknown.</summary>
    public IEnumerable<DhtSlot> Live(Bytes32 target, long? unixSeconds, Bytes32? after = null)
    {
        if (unixSeconds is { } now && _targets.TryGetValue(target, out var slots))
        {
            foreach (var stored in slots)
            {
                if (stored.Slot.ExpiresUnixSeconds > now && (after is not { } last || stored.Slot.Writer.CompareTo(last) > 0))
                {
                    yield return stored.Slot;
                }
            }
        }
    }

    /// <summary>What would become of a slot, signature aside. <see cref="PutOutcome.Stored"/> means that it would be kept.</summary>
    public PutOutcome Judge(DhtSlot slot, Endpoint source, long unixSeconds)
    {
        // A second of leeway, because clocks are read to the millisecond and slots say seconds.
        if (slot.ExpiresUnixSeconds <= unixSeconds || slot.ExpiresUnixSeconds > unixSeconds + (long)options.MaxLifetime.TotalSeconds + 1)
        {
            return PutOutcome.ExpiryRefused;
        }

        if (Find(slot.Target, slot.Writer) is { } stored)
        {
            return slot.Sequence < stored.Slot.Sequence ? PutOutcome.SequenceTooLow
                : slot.Sequence > stored.Slot.Sequence ? PutOutcome.Stored
                : IsSame(slot, stored.Slot) ? PutOutcome.Unchanged
                : PutOutcome.SequenceReused;
        }

        var isFull = Held(slot.Target) >= options.SlotsPerTarget
            || (!options.IsExempt(source.Address) && _sources.GetValueOrDefault(source.Network) >= options.SlotsPerSource)
            || (Count >= options.MaxSlots && GivingWay(slot, source) is null);
        return isFull ? PutOutcome.Full : PutOutcome.Stored;
    }

    /// <summary>Keeps a slot whose signature holds, if <see cref="Judge"/> allows it; tells how many had to go for it.</summary>
    public PutOutcome Put(DhtSlot slot, Endpoint source, long unixSeconds, out int evicted)
    {
        evicted = 0;
        var outcome = Judge(slot, source, unixSeconds);
        if (outcome != PutOutcome.Stored)
        {
            return outcome;
        }

        if (Find(slot.Target, slot.Writer) is { } older)
        {
            Remove(older);
        }
        else if (Count >= options.MaxSlots)
        {
            Remove(GivingWay(slot, source)!);
            evicted = 1;
        }

        var stored = new StoredSlot(slot, source, _arrivals++);
        if (!_targets.TryGetValue(slot.Target, out var slots))
        {
            _targets[slot.Target] = slots = [];
        }

        var index = 0;
        while (index < slots.Count && slots[index].Slot.Writer.CompareTo(slot.Writer) < 0)
        {
            index++;
        }

        slots.Insert(index, stored);
        _byExpiry.Add(stored);
        Resize(source.WideNetwork, slots => slots.Add(stored));
        _sources[source.Network] = _sources.GetValueOrDefault(source.Network) + 1;
        return PutOutcome.Stored;
    }

    /// <summary>Drops what has expired; tells how much that was.</summary>
    public int Expire(long unixSeconds)
    {
        var expired = 0;
        while (_byExpiry.Min is { } first && first.Slot.ExpiresUnixSeconds <= unixSeconds)
        {
            Remove(first);
            expired++;
        }

        return expired;
    }

    /// <summary>
    /// Which slot of a full store makes room, if any: as long as one network has two more than another, its first to expire; else the first
    /// to expire of all, for one that lasts longer. Writers cost nothing, so a share goes by where slots come from.
    /// </summary>
    private StoredSlot? GivingWay(DhtSlot slot, Endpoint source)
    {
        var (most, network) = _bySize.Max;
        if (HeldBy(source.WideNetwork) + 1 < most)
        {
            return _networks[network].Min;
        }

        return _byExpiry.Min is { } first && first.Slot.ExpiresUnixSeconds < slot.ExpiresUnixSeconds ? first : null;
    }

    private int HeldBy(UInt128 network) => _networks.TryGetValue(network, out var slots) ? slots.Count : 0;

    private void Resize(UInt128 network, Action<SortedSet<StoredSlot>> change)
    {
        if (!_networks.TryGetValue(network, out var slots))
        {
            _networks[network] = slots = new SortedSet<StoredSlot>(StoredSlot.ByExpiry);
        }

        _bySize.Remove((slots.Count, network));
        change(slots);
        if (slots.Count > 0)
        {
            _bySize.Add((slots.Count, network));
        }
        else
        {
            _networks.Remove(network);
        }
    }

    private static bool IsSame(DhtSlot left, DhtSlot right) =>
        left.ExpiresUnixSeconds == right.ExpiresUnixSeconds
        && left.Sealed.Span.SequenceEqual(right.Sealed.Span)
        && left.Signature.Span.SequenceEqual(right.Signature.Span);

    private StoredSlot? Find(Bytes32 target, Bytes32 writer) =>
        _targets.TryGetValue(target, out var slots) ? slots.Find(stored => stored.Slot.Writer == writer) : null;

    private void Remove(StoredSlot stored)
    {
        _byExpiry.Remove(stored);
        Resize(stored.Source.WideNetwork, slots => slots.Remove(stored));
        var slots = _targets[stored.Slot.Target];
        slots.Remove(stored);
        if (slots.Count == 0)
        {
            _targets.Remove(stored.Slot.Target);
        }

        var network = stored.Source.Network;
        var left = _sources[network] - 1;
        if (left == 0)
        {
            _sources.Remove(network);
        }
        else
        {
            _sources[network] = left;
        }
    }
}
