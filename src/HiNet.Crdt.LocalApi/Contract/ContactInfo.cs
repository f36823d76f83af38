namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A contact.</summary>
/// <param name="Identity">64 hex digits.</param>
/// <param name="Name">The reader's name for them, else their own.</param>
/// <param name="Status"><c>met</c>, <c>waiting</c>, <c>invite-used</c> or <c>invite-expired</c>.</param>
public sealed record ContactInfo(string Identity, string Name, string Status);
