namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>Why an authentic entry is not applied, now or ever. Each is a metric.</summary>
internal enum Refusal
{
    None = 0,
    WrongConversation,
    WrongSeq,
    WrongPrevious,
    WrongParents,
    WrongHlc,
    WrongDepth,
    WrongAuthority,
    NotPermitted,
    MalformedBody,
    RefusedPredecessor,
}
