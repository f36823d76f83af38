using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Makes the header of an entry that is written by hand: right for the past that an operation names, then wrong in the one way that
/// it names. Whatever comes out has an encoding, because what has none never gets as far as a replica.
/// </summary>
internal sealed class FuzzHeaders(FuzzScene scene, FuzzPool pool)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_far = TimeSpan.FromDays(3650);

    /// <summary>A header for an entry of a kind; null when the operation asks for a past of which there is none.</summary>
    public EntryHeader? Draft(FuzzDevice writer, uint kind, FuzzOperation operation)
    {
        var own = pool.Entries.Where(entry => entry.Header.Device == writer.Device && IsApplied(entry)).ToList();
        var head = own.MaxBy(entry => (entry.Header.Seq, entry.Id));
        var previous = operation.Past switch
        {
            FuzzPast.Nothing => null,
            FuzzPast.Fork when own.Count > 0 && operation.Size % (own.Count + 1) is var older => older == own.Count ? null : own[older],
            _ => head,
        };
        if (operation.Twist == FuzzTwist.PreviousOfAnother)
        {
            previous = pool.Pick(operation.Target, entry => IsApplied(entry) && entry.Header.Device != writer.Device);
        }

        IReadOnlyList<EntryId>? parents = ParentsOf(writer, previous, own, operation);
        if (parents is null || (scene.IsGroup && previous is null && parents.Count == 0 && operation.Past != FuzzPast.Nothing))
        {
            return null;
        }

        EntryId[] others = [.. parents.Where(id => id != previous?.Id).Distinct().Take(EntryLimits.MaxParents).Order()];
        EntryId[] predecessors = previous is null ? others : [previous.Id, .. others];
        var known = predecessors.Select(pool.Find).OfType<FuzzEntry>().ToList();
        var greatest = known.Count == 0 ? default : known.Max(entry => entry.Header.Hlc);
        var header = new EntryHeader
        {
            Conversation = kind == EntryKind.Genesis ? default : scene.Conversation,
            Device = writer.Device,
            Seq = previous is null ? 0 : previous.Header.Seq + 1,
            Previous = previous?.Id,
            Parents = kind == EntryKind.Genesis ? [] : others,
            Hlc = greatest.Value == ulong.MaxValue ? greatest : HybridTimestamp.After(greatest, scene.Wall),
            Depth = known.Count == 0 ? 0 : known.Max(entry => entry.Header.Depth) + 1,
            Authority = pool.AuthorityOf(predecessors),
            Kind = kind,
        };
        return Encodable(kind == EntryKind.Genesis ? header with { Seq = 0, Previous = null } : Twisted(header, greatest, operation));
    }

    private bool IsApplied(FuzzEntry entry) => scene.Scribe.Replica.Knows(entry.Id);

    /// <summary>Null when the past that is wanted does not exist.</summary>
    private IReadOnlyList<EntryId>? ParentsOf(FuzzDevice writer, FuzzEntry? previous, List<FuzzEntry> own, FuzzOperation operation)
    {
        var applied = pool.Entries.Where(entry => IsApplied(entry) && entry.Header.Device != writer.Device).ToList();
        switch (operation.Past)
        {
            case FuzzPast.OwnChain when previous is not null:
                return [];
            case FuzzPast.Some or FuzzPast.Fork when applied.Count > 0:
                return [.. Enumerable.Range(0, 1 + (operation.Size % 3)).Select(i => applied[((operation.Target * 7) + (i * 3)) % applied.Count].Id)];
            case FuzzPast.Many:
                return [.. applied.TakeLast(EntryLimits.MaxParents).Select(entry => entry.Id)];
            case FuzzPast.OwnBranch:
                return own.Find(entry => previous is not null && entry != previous && !FuzzPool.IsBehind(entry, previous)) is { } branch ? [branch.Id] : null;
            case FuzzPast.Missing:
                return [Missing(operation), .. Tips(writer).Take(2)];
            case FuzzPast.Unapplied:
                return pool.Pick(operation.Target, entry => !IsApplied(entry)) is { } unapplied ? [unapplied.Id, .. Tips(writer).Take(2)] : null;
            case FuzzPast.Nothing:
                return [];
            default:
                return [.. Tips(writer)];
        }
    }

    /// <summary>Heads of everybody else, as the scribe has them; those with the lowest ids where there are too many.</summary>
    private IEnumerable<EntryId> Tips(FuzzDevice writer) => scene.Scribe.Replica.Devices
        .Where(log => log.Device != writer.Device)
        .SelectMany(log => log.Branches)
        .Select(branch => branch.Head)
        .Order();

    private static EntryId Missing(FuzzOperation operation)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        bytes.Fill((byte)(1 + (operation.Target % 3)));
        return new EntryId(bytes);
    }

    private EntryHeader Twisted(EntryHeader header, HybridTimestamp greatest, FuzzOperation operation) => operation.Twist switch
    {
        FuzzTwist.SeqGap when header.Previous is not null => header with { Seq = header.Seq + 1 + (ulong)(operation.Size % 70) },
        FuzzTwist.SeqRepeated when header.Seq > 1 => header with { Seq = header.Seq - 1 },
        FuzzTwist.TimeEqual => header with { Hlc = greatest },
        FuzzTwist.TimeZero => header with { Hlc = default },
        FuzzTwist.TimeAtLimit => header with { Hlc = Ahead(TimeSpan.Zero, ushort.MaxValue) },
        FuzzTwist.TimePastLimit => header with { Hlc = Ahead(TimeSpan.FromMilliseconds(1), 0) },
        FuzzTwist.TimeSoon => header with { Hlc = Ahead(s_soon, (ushort)operation.Size) },
        FuzzTwist.TimeFar => header with { Hlc = Ahead(s_far, (ushort)operation.Size) },
        FuzzTwist.TimeLast => header with { Hlc = new HybridTimestamp(ulong.MaxValue) },
        FuzzTwist.DepthAbove => header with { Depth = header.Depth + 1 + (ulong)operation.Size },
        FuzzTwist.DepthBelow when header.Depth > 1 => header with { Depth = header.Depth - 1 },
        FuzzTwist.AuthorityWrong => header with { Authority = scene.Conversation.Value },
        FuzzTwist.AuthorityEmpty => header with { Authority = AuthorityHash.Of(scene.Cryptography, []) },
        FuzzTwist.Suite => header with { Suite = 2 + (uint)(operation.Size % 2) },
        FuzzTwist.Conversation => header with { Conversation = new ConversationId(header.Authority) },
        _ => header,
    };

    private HybridTimestamp Ahead(TimeSpan by, ushort counter) => new(
        HybridTimestamp.FromMilliseconds(scene.Wall + (long)(Limits.FutureTolerance + by).TotalMilliseconds).Value | counter);

    /// <summary>Keeps to the rules that a header shows by itself.</summary>
    private static EntryHeader Encodable(EntryHeader header)
    {
        var depth = Math.Max(header.Depth, Math.Max(header.Seq, header.HasPredecessors ? 1UL : 0UL));
        return header with { Depth = header.HasPredecessors ? depth : 0 };
    }
}
