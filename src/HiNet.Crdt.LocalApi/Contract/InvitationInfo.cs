namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>An invitation to a group that waits for a decision.</summary>
/// <param name="Conversation">The group's id.</param>
/// <param name="Name">The group's name, as the inviter says.</param>
/// <param name="From">The identity of whoever invites.</param>
/// <param name="Members">How many people are in the group, as the inviter says; 0 when they do not.</param>
/// <param name="FromName">What the inviter is called here.</param>
/// <param name="Time">When it was written, by the inviter's clock.</param>
public sealed record InvitationInfo(string Conversation, string Name, string From, int Members, string FromName, DateTimeOffset Time);
