namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>An emoji and who reacted with it.</summary>
public sealed record ReactionInfo(string Emoji, IReadOnlyList<PersonInfo> By);
