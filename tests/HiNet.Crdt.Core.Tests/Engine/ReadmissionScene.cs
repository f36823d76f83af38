using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>
/// Bob has left a group, and Carol is in it, who had left too when Bob last looked: in his view the only member is Alice, who has left
/// meanwhile.
/// </summary>
internal sealed class ReadmissionScene
{
    public ReadmissionScene()
    {
        (Alice, Bob) = World.Contacts("alice", "bob");
        Carol = World.Befriend(Alice, "carol");
        LoopbackScenes.Introduce(Carol, Bob);
        World.Link(Bob, Carol);
        Direct = Carol.Direct(Bob);
        Carol.Send(Direct, "hi");
        Group = Alice.Group("readmission", Bob, Carol);
        Pass();

        Leave(Carol);
        Leave(Bob);
        Add(Alice, Carol);
        Leave(Alice);
    }

    public LoopbackWorld World { get; } = new();

    public LoopbackNode Alice { get; }

    public LoopbackNode Bob { get; }

    public LoopbackNode Carol { get; }

    public ConversationId Group { get; }

    /// <summary>Carol's conversation with Bob.</summary>
    public ConversationId Direct { get; }

    public void Pass() => World.Pass(TimeSpan.FromSeconds(20));

    public void Leave(LoopbackNode who)
    {
        who.Do(new NodeCommand.Leave(Group)).ShouldBeOfType<NodeResult.Written>();
        Pass();
    }

    public void Add(LoopbackNode by, LoopbackNode who)
    {
        by.Do(new NodeCommand.AddMember(Group, who.Identity)).ShouldBeOfType<NodeResult.Written>();
        Pass();
    }

    /// <summary>Carol adds Bob. They are not linked any more, and of what Carol wrote Bob has their direct conversation.</summary>
    public void GiveTheInvitationOnly()
    {
        World.Unlink(Bob, Carol);
        Add(Carol, Bob);
        Carol.Send(Group, "welcome back");
        var carol = new HostileMember(World, Carol, Direct);
        carol.Give(Bob, carol.Everything());
    }

    public HostileMember Member(LoopbackNode node) => new(World, node, Group);

    /// <summary>Links with Bob as someone who has the group's control key.</summary>
    public HostilePeer Knock(LoopbackNode from) => new HostilePeer(World, from.Secrets, Bob, Group, Member(Carol).ControlKey).Link();

    /// <summary>Somebody in no group, who does not take part in the world by themselves.</summary>
    public LoopbackNode Stranger(string name)
    {
        var stranger = World.Add(name);
        World.Nodes.Remove(stranger);
        return stranger;
    }
}
