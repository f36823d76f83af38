namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>An invite to hand to someone.</summary>
public sealed record InviteInfo(string Invite);
