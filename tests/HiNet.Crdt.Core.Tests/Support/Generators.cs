using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Tests.Support;

/// <summary>Random values of the protocol's types, edges included.</summary>
internal static class Generators
{
    /// <summary>0 to 2^64 - 1, every length alike likely, with the values on both sides of each power of two.</summary>
    public static Gen<ulong> UInt64 { get; } =
        from bits in Gen.Choose(0, 64)
        from offset in Gen.Elements(-1, 0, 1, 77)
        select (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1) + (ulong)offset;

    public static Gen<uint> UInt32 { get; } = UInt64.Select(value => (uint)value);

    public static Gen<Bytes32> Bytes32 { get; } =
        from kind in Gen.Choose(0, 20)
        from seed in Gen.Choose(0, int.MaxValue)
        select kind switch
        {
            0 => default,
            1 => Filled(0xff),
            2 => Filled((byte)seed),
            _ => Drawn(seed),
        };

    public static Gen<EntryId> EntryId { get; } = Bytes32.Select(value => new EntryId(value));

    /// <summary>A header that breaks no rule.</summary>
    public static Gen<EntryHeader> Header { get; } = CreateHeader();

    public static Gen<FrontierHead> Head { get; } =
        from device in Gen.Choose(0, 9)
        from seq in UInt64
        from id in EntryId
        select new FrontierHead(new DeviceId(Drawn(device)), seq, id);

    /// <summary>Bytes of 0 to <paramref name="maximum"/> length.</summary>
    public static Gen<byte[]> Bytes(int maximum) =>
        from length in Gen.Choose(0, maximum)
        from seed in Gen.Choose(0, int.MaxValue)
        select Drawn(seed, length);

    public static Bytes32 Drawn(int seed) => new(Drawn(seed, HiNet.Crdt.Bytes32.Size));

    private static byte[] Drawn(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Bytes32 Filled(byte value)
    {
        var bytes = new byte[HiNet.Crdt.Bytes32.Size];
        bytes.AsSpan().Fill(value);
        return new Bytes32(bytes);
    }

    private static Gen<EntryHeader> CreateHeader() =>
        from kind in Gen.OneOf(Gen.Choose(1, 40).Select(value => (uint)value), UInt32.Select(value => Math.Max(value, 1)))
        from suite in Gen.OneOf(Gen.Constant(1u), UInt32.Select(value => Math.Max(value, 1)))
        from keys in Gen.ArrayOf(Bytes32, 6)
        from seq in Gen.OneOf(Gen.Constant(0UL), UInt64)
        from parentCount in Gen.Choose(0, 16)
        from parents in Gen.ArrayOf(EntryId, parentCount)
        from hlc in UInt64
        from deeper in Gen.Choose(0, 1000)
        from withEpoch in Gen.Elements(true, false)
        from bodyLength in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, EntryLimits.MaxBodyBytes), Gen.Constant(EntryLimits.MaxBodyBytes))
        select Join(kind, suite, keys, seq, parents, hlc, (ulong)deeper, withEpoch, (uint)bodyLength);

    private static EntryHeader Join(
        uint kind, uint suite, Bytes32[] keys, ulong seq, EntryId[] parents, ulong hlc, ulong deeper, bool withEpoch, uint bodyLength)
    {
        var isGenesis = kind == EntryKind.Genesis;
        seq = isGenesis ? 0 : seq;
        var previous = seq > 0 ? new EntryId(keys[0]) : (EntryId?)null;
        EntryId[] sorted = isGenesis ? [] : [.. parents.Where(parent => parent != previous).Distinct().Order()];
        var hasPredecessors = previous is not null || sorted.Length > 0;
        var least = Math.Max(seq, 1);
        withEpoch = EntryKind.IsKnownContent(kind) || (withEpoch && !EntryKind.IsKnownControl(kind));
        return new EntryHeader
        {
            Suite = suite,
            Conversation = isGenesis ? default : new ConversationId(keys[1].IsZero ? Filled(1) : keys[1]),
            Device = new DeviceId(keys[2]),
            Seq = seq,
            Previous = previous,
            Parents = sorted,
            Hlc = new HybridTimestamp(hlc),
            Depth = !hasPredecessors ? 0 : least > ulong.MaxValue - deeper ? ulong.MaxValue : least + deeper,
            Authority = keys[3],
            Kind = kind,
            Epoch = withEpoch ? new EntryId(keys[4]) : null,
            BodyLength = bodyLength,
            BodyHash = bodyLength > 0 ? keys[5] : default,
        };
    }
}
