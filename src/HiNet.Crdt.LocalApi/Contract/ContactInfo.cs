namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A contact.</summary>
/// <param name="Identity">64 hex digits.</param>
/// <param name="Name">The reader's name for them, else their own.</param>
public sealed record ContactInfo(string Identity, string Name);
