using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>What a person means by a command: the entry that it asks for, in which conversation, of which kind.</summary>
/// <param name="Conversation">Default for a group that it begins, whose id nobody knows yet.</param>
/// <param name="Kind">The kind of the entry that says it.</param>
/// <param name="Intent">What that entry says.</param>
internal sealed record CommandIntent(ConversationId Conversation, uint Kind, Intent Intent)
{
    /// <summary>Null for a command that asks for no entry.</summary>
    public static CommandIntent? Of(NodeCommand command, IdentityId person) => command switch
    {
        NodeCommand.SendText send => new(send.Conversation, EntryKind.Message, new Intent.Say(send.Text, send.ReplyTo)),
        NodeCommand.Edit edit => new(edit.Conversation, EntryKind.Edit, new Intent.Edit(edit.Message, edit.Text)),
        NodeCommand.Delete delete => new(delete.Conversation, EntryKind.Delete, new Intent.Delete([delete.Message])),
        NodeCommand.React react => new(react.Conversation, EntryKind.Reaction, new Intent.React(react.Message, react.Emoji, react.Remove)),
        NodeCommand.MarkRead read => new(read.Conversation, EntryKind.Receipt, new Intent.ReadUpTo(read.Message)),
        NodeCommand.AddMember add => new(add.Conversation, EntryKind.SetRole, new Intent.Grant(add.Member, Role.Member, BringsDevices: true)),
        NodeCommand.Leave leave => new(leave.Conversation, EntryKind.SetRole, new Intent.Grant(person, Role.None, BringsDevices: false)),
        NodeCommand.CreateGroup create => new(
            default, EntryKind.Genesis, new Intent.Found(create.Name, [.. create.Members.Where(member => member != person).Distinct()])),
        _ => null,
    };

    /// <summary>Whether honest devices write entries of this kind only when somebody asks for them.</summary>
    public static bool IsAskedFor(uint kind) =>
        kind is EntryKind.Message or EntryKind.Edit or EntryKind.Delete or EntryKind.Reaction or EntryKind.SetRole or EntryKind.Genesis;
}
