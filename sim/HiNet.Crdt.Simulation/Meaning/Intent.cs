namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>What an entry was meant to say. Closed: only the records in this file.</summary>
internal abstract record Intent
{
    private Intent()
    {
    }

    /// <summary>A message.</summary>
    public sealed record Say(string Text, EntryId? ReplyTo) : Intent;

    /// <summary>Another text for a message.</summary>
    public sealed record Edit(EntryId Target, string Text) : Intent;

    /// <summary>An end to messages.</summary>
    public sealed record Delete(IReadOnlyList<EntryId> Targets) : Intent;

    /// <summary>An emoji on a message, or taking it back.</summary>
    public sealed record React(EntryId Target, string Emoji, bool Remove) : Intent;

    /// <summary>A message and all before it are read.</summary>
    public sealed record ReadUpTo(EntryId Target) : Intent;

    /// <summary>A receipt that a node writes by itself: what it holds has been delivered to its person.</summary>
    public sealed record Acknowledge : Intent;

    /// <summary>A group's beginning; whoever writes it is a member beside these.</summary>
    public sealed record Found(string Name, IReadOnlyList<IdentityId> Members) : Intent;

    /// <summary>A person's role from here on.</summary>
    /// <param name="Person">Whose.</param>
    /// <param name="Role">Which; none for leaving.</param>
    /// <param name="BringsDevices">Whether it makes the person's devices known, as adding somebody does.</param>
    public sealed record Grant(IdentityId Person, Role Role, bool BringsDevices) : Intent;

    /// <summary>Tells the other person of a direct conversation that they are in a group.</summary>
    public sealed record Invite(ConversationId Group) : Intent;
}
