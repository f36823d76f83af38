using System.Diagnostics;
using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Diagnostics;

/// <summary>The activity source <c>HiNet.Crdt</c>: one activity an operation, from its call until it is durable.</summary>
internal static class NodeActivities
{
    private static readonly ActivitySource Source = new(NodeMetrics.Name);

    internal static Activity? StartCommand(NodeCommand operation)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The activity ends on another thread, so it must not become the caller's current one.
        var current = Activity.Current;
        var activity = Source.StartActivity("hinet." + NameOf(operation));
        Activity.Current = current;
        return activity;
    }

    internal static string NameOf(NodeCommand operation) => operation switch
    {
        NodeCommand.CreateInvite => "invite",
        NodeCommand.AddContact => "add_contact",
        NodeCommand.OpenDirect => "open_direct",
        NodeCommand.CreateGroup => "create_group",
        NodeCommand.SendText => "send",
        NodeCommand.Edit => "edit",
        NodeCommand.Delete => "delete",
        NodeCommand.React => "react",
        NodeCommand.MarkRead => "mark_read",
        NodeCommand.AddMember => "add_member",
        NodeCommand.Leave => "leave",
        NodeCommand.KeepLinked => "keep_linked",
        NodeCommand.Stop => "stop",
        _ => "other",
    };
}
