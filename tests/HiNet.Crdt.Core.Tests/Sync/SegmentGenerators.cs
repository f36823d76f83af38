using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Sync;

/// <summary>Random messages of runs as an honest sender could have them: real chains, everything else arbitrary.</summary>
internal static class SegmentGenerators
{
    public static ConversationId Conversation { get; } = new(TestKeys.Named("segments"));

    /// <summary>One to three runs of one to 64 entries.</summary>
    public static Gen<SignedRun[]> Message { get; } =
        from count in Gen.Choose(1, 3)
        from runs in Gen.ArrayOf(Run(), count)
        select runs;

    private static Gen<SignedRun> Run() =>
        from device in Gen.Choose(0, 3)
        from startsAtZero in Gen.Elements(true, false)
        from segment in Gen.Choose(0, 3)
        from huge in Gen.Elements(0UL, 0UL, 1UL << 20, 1UL << 62)
        from offset in Gen.Choose(0, 63)
        from length in Gen.Frequency((5, Gen.Choose(1, 4)), (2, Gen.Choose(5, 64)))
        from previous in Generators.EntryId
        from genesis in Gen.Elements(true, false, false)
        from signature in Gen.Choose(0, int.MaxValue)
        let seq = startsAtZero ? 0UL : huge + ((ulong)segment * 64) + (ulong)offset + 1
        let room = (int)(SegmentRule.LastCovering(seq) - seq) + 1
        from drafts in Gen.ArrayOf(Draft(), Math.Min(length, room))
        select Join(device, seq, previous, genesis && seq == 0, drafts, signature);

    private static Gen<EntryDraft> Draft() =>
        from sameEpoch in Gen.Elements(true, true, false)
        from hasEpoch in Gen.Elements(true, true, false)
        from sameAuthority in Gen.Elements(true, true, false)
        from kind in Gen.OneOf(Gen.Constant(EntryKind.Message), Gen.Choose(2, 40).Select(k => (uint)k), Generators.UInt32.Select(k => Math.Max(k, 2)))
        from suite in Gen.Frequency((6, Gen.Constant(1u)), (1, Generators.UInt32.Select(s => Math.Max(s, 1))))
        from parents in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 16)))
        from parentIds in Gen.ArrayOf(Generators.EntryId, parents)
        from hlc in Gen.OneOf(Gen.Choose(0, 1000).Select(h => (ulong)h), Generators.UInt64)
        from deeper in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 1000)))
        from body in Gen.Frequency((4, Generators.Bytes(60)), (1, Generators.Bytes(400)))
        from hasBody in Gen.Elements(true, true, false)
        from ids in Gen.ArrayOf(Generators.EntryId, 2)
        select new EntryDraft(sameEpoch, hasEpoch, sameAuthority, kind, suite, parentIds, hlc, (ulong)deeper, body, hasBody, ids);

    private static SignedRun Join(int device, ulong seq, EntryId previous, bool genesis, EntryDraft[] drafts, int signature)
    {
        var author = TestKeys.Device($"device {device}");
        var entries = new List<Entry>();
        var epoch = TestKeys.Entry("epoch");
        var authority = TestKeys.Named("authority");
        var hlc = 1_700_000_000_000UL << 16;
        foreach (var draft in drafts)
        {
            var before = entries.Count > 0 ? entries[^1].Header : null;
            EntryId? last = entries.Count > 0 ? entries[^1].Id : seq > 0 ? previous : null;
            var kind = genesis && entries.Count == 0 ? EntryKind.Genesis : draft.Kind;
            EntryId[] parents = kind == EntryKind.Genesis ? [] : [.. draft.Parents.Where(p => p != last).Distinct().Order()];
            epoch = draft.SameEpoch ? epoch : draft.Ids[0];
            authority = draft.SameAuthority ? authority : draft.Ids[1].Value;
            hlc = unchecked(hlc + draft.Hlc);
            var at = seq + (ulong)entries.Count;
            var hasPredecessors = last is not null || parents.Length > 0;
            var least = Math.Max(at, before is null ? 1 : before.Depth + 1);
            var unsealed = new EntryHeader
            {
                Suite = draft.Suite,
                Conversation = kind == EntryKind.Genesis ? default : Conversation,
                Device = author,
                Seq = at,
                Previous = last,
                Parents = parents,
                Hlc = new HybridTimestamp(hlc),
                Depth = hasPredecessors ? least + draft.Deeper : 0,
                Authority = authority,
                Kind = kind,
                Epoch = EntryKind.IsKnownContent(kind) || (draft.HasEpoch && !EntryKind.IsKnownControl(kind)) ? epoch : null,
            };
            var entry = Entry.CreateWithBody(TestKeys.Sodium, unsealed, draft.Body);
            entries.Add(draft.HasBody ? entry : entry.WithBody(null));
        }

        return new SignedRun(author, entries, Enumerable.Range(0, 64).Select(i => (byte)(signature + i)).ToArray());
    }

    private sealed record EntryDraft(
        bool SameEpoch,
        bool HasEpoch,
        bool SameAuthority,
        uint Kind,
        uint Suite,
        EntryId[] Parents,
        ulong Hlc,
        ulong Deeper,
        byte[] Body,
        bool HasBody,
        EntryId[] Ids);
}
