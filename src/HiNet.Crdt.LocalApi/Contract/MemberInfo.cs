namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A member of a conversation.</summary>
/// <param name="Identity">64 hex digits.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Role">reader, member, moderator, admin or owner.</param>
/// <param name="Since">When the role was given, by the giver's clock.</param>
/// <param name="Tentative">True while a later merge could still overturn it.</param>
public sealed record MemberInfo(string Identity, string Name, string Role, DateTimeOffset Since, bool Tentative);
