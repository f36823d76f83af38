namespace HiNet.Crdt;

/// <summary>An emoji and who reacted with it, in conversation order.</summary>
public sealed record Reaction(string Emoji, IReadOnlyList<Person> By);
