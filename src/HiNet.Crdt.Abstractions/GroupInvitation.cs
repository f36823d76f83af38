namespace HiNet.Crdt;

/// <summary>A contact's invitation to a group that waits for a decision. All but the inviter is what they say.</summary>
/// <param name="Group">The group's id.</param>
/// <param name="Name">The group's name, on one line and of at most 128 bytes of UTF-8.</param>
/// <param name="By">Who invites.</param>
/// <param name="Members">How many people are in the group, this person among them; 0 when it is not said.</param>
/// <param name="Time">When it was written, by the inviter's clock.</param>
public sealed record GroupInvitation(ConversationId Group, string Name, Person By, int Members, DateTimeOffset Time);
