namespace HiNet.Crdt;

/// <summary>
/// A contact invites this person to a group, and the invitation waits among <see cref="INode.Invitations"/> for a decision.
/// </summary>
/// <param name="Time">When it came, by this node's clock.</param>
/// <param name="Group">The group's id, by which the invitation is accepted or declined.</param>
/// <param name="Name">The group's name, as the contact says.</param>
/// <param name="By">Who invites.</param>
public sealed record GroupInvited(DateTimeOffset Time, ConversationId Group, string Name, Person By)
    : NodeEvent(Time);
