namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>Someone, as the reader calls them.</summary>
/// <param name="Identity">64 hex digits.</param>
/// <param name="Name">The name to show.</param>
public sealed record PersonInfo(string Identity, string Name);
