using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>How people of a <see cref="LoopbackWorld"/> come together, and what has to hold of them in the end.</summary>
internal static class LoopbackScenes
{
    public static (LoopbackNode One, LoopbackNode Other) Contacts(this LoopbackWorld world, string one, string other, bool link = true)
    {
        var (a, b) = (world.Add(one), world.Add(other));
        Introduce(a, b);
        Introduce(b, a);
        if (link)
        {
            world.Link(a, b);
        }

        return (a, b);
    }

    /// <summary>A new node that goes by these options from its start.</summary>
    public static LoopbackNode Add(this LoopbackWorld world, string name, NodeCoreOptions options)
    {
        var node = world.Add(name);
        node.Options = options;
        node.Restart();
        return node;
    }

    /// <summary>A new node that has an invite of <paramref name="friend"/>'s and is linked to them.</summary>
    public static LoopbackNode Befriend(this LoopbackWorld world, LoopbackNode friend, string name)
    {
        var node = world.Add(name);
        Introduce(friend, node);
        world.Link(node, friend);
        return node;
    }

    public static void Introduce(LoopbackNode issuer, LoopbackNode accepter) =>
        accepter.Do(new NodeCommand.AddContact(issuer.Invite(), null)).ShouldBeOfType<NodeResult.Added>();

    public static string Invite(this LoopbackNode issuer) =>
        issuer.Do(new NodeCommand.CreateInvite([])).ShouldBeOfType<NodeResult.Invited>().Invite;

    public static ConversationId Direct(this LoopbackNode from, LoopbackNode to) =>
        from.Do(new NodeCommand.OpenDirect(to.Identity)).ShouldBeOfType<NodeResult.Opened>().Conversation;

    public static ConversationId Group(this LoopbackNode creator, string name, params LoopbackNode[] members) =>
        creator.Do(new NodeCommand.CreateGroup(name, [.. members.Select(m => m.Identity)]))
            .ShouldBeOfType<NodeResult.Opened>().Conversation;

    public static List<string?> Texts(this LoopbackNode node, ConversationId conversation) =>
        [.. node.Reader.Page(conversation, 10_000, null).Select(m => m.Text)];

    /// <summary>The sentence with which a command is refused.</summary>
    public static string Refusal(this LoopbackNode node, NodeCommand command) =>
        node.Do(command).ShouldBeOfType<NodeResult.Refused>().Problem;

    public static void ShouldBeEqual(ConversationId conversation, params LoopbackNode[] nodes)
    {
        var expected = nodes[0].Reader.StatusOf(conversation);
        expected.StateHash.IsZero.ShouldBeFalse();
        foreach (var node in nodes)
        {
            var status = node.Reader.StatusOf(conversation);
            status.Frontier.ShouldBe(expected.Frontier, node.Name);
            status.StateHash.ShouldBe(expected.StateHash, node.Name);
            node.Events.OfType<DivergenceDetected>().ShouldBeEmpty();
        }
    }
}
