namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A group to create.</summary>
public sealed record GroupRequest(string Name, IReadOnlyList<string>? Members = null);
