namespace HiNet.Crdt.Core.Log;

/// <summary>What can be wrong with a header by itself, without its past. The same rules hold for writing and for reading.</summary>
internal static class HeaderRules
{
    internal static HeaderProblem Check(EntryHeader header)
    {
        if (header.Version != EntryHeader.CurrentVersion)
        {
            return HeaderProblem.UnknownVersion;
        }

        if (header.Suite == 0 || header.Kind == 0)
        {
            return HeaderProblem.FieldMissing;
        }

        var problem = CheckPredecessors(header);
        problem = problem != HeaderProblem.None ? problem : CheckConversation(header);
        return problem != HeaderProblem.None ? problem : CheckBody(header);
    }

    private static HeaderProblem CheckPredecessors(EntryHeader header)
    {
        if (header.Seq > 0 != header.Previous.HasValue)
        {
            return header.Seq > 0 ? HeaderProblem.PreviousMissing : HeaderProblem.PreviousUnexpected;
        }

        var parents = header.ParentSpan;
        if (parents.Length > EntryLimits.MaxParents)
        {
            return HeaderProblem.TooManyParents;
        }

        for (var i = 0; i < parents.Length; i++)
        {
            if (i > 0 && parents[i - 1].CompareTo(parents[i]) >= 0)
            {
                return HeaderProblem.ParentsUnsorted;
            }

            if (parents[i] == header.Previous)
            {
                return HeaderProblem.ParentIsPrevious;
            }
        }

        return header.Depth > 0 != header.HasPredecessors || header.Depth < header.Seq
            ? HeaderProblem.DepthImpossible
            : HeaderProblem.None;
    }

    private static HeaderProblem CheckConversation(EntryHeader header)
    {
        if (header.Kind != EntryKind.Genesis)
        {
            return header.Conversation.Value.IsZero ? HeaderProblem.ConversationMissing : HeaderProblem.None;
        }

        return header.Conversation.Value.IsZero && !header.HasPredecessors
            ? HeaderProblem.None
            : HeaderProblem.GenesisMisplaced;
    }

    private static HeaderProblem CheckBody(EntryHeader header)
    {
        if (header.Epoch is null && EntryKind.IsKnownContent(header.Kind))
        {
            return HeaderProblem.KindWithoutEpoch;
        }

        if (header.Epoch is not null && EntryKind.IsKnownControl(header.Kind))
        {
            return HeaderProblem.KindWithEpoch;
        }

        if (header.BodyLength > EntryLimits.MaxBodyBytes)
        {
            return HeaderProblem.BodyTooLong;
        }

        return header.BodyLength == 0 && !header.BodyHash.IsZero ? HeaderProblem.BodyHashMismatch : HeaderProblem.None;
    }
}
