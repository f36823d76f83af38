namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A reaction to add, or to take back.</summary>
public sealed record ReactionRequest(string Emoji, bool Remove = false);
