namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Alice and Bob, linked, and Mallory, in one group that Alice owns. Mallory's honest node has gone; her keys have not.</summary>
internal sealed class HostileScene
{
    public HostileScene()
    {
        (Alice, Bob) = World.Contacts("alice", "bob");
        var mallory = World.Befriend(Alice, "mallory");
        Group = Alice.Group("team", Bob, mallory);
        World.Pass(TimeSpan.FromSeconds(1));
        mallory.Send(Group, "I am mallory");
        World.Pass(TimeSpan.FromSeconds(2));
        World.Unlink(Alice, mallory);
        World.Nodes.Remove(mallory);
        Mallory = new HostileMember(World, mallory, Group);
        Before = Alice.Texts(Group);
        Before.ShouldBe(["I am mallory"]);
    }

    public LoopbackWorld World { get; } = new();

    public LoopbackNode Alice { get; }

    public LoopbackNode Bob { get; }

    public HostileMember Mallory { get; }

    public ConversationId Group { get; }

    /// <summary>What was said before anything hostile.</summary>
    public IReadOnlyList<string?> Before { get; }

    /// <summary>Alice and Bob go on talking as if nothing had happened, and agree.</summary>
    public void ShouldGoOn(params string?[] expected)
    {
        World.Pass(TimeSpan.FromSeconds(5));
        Alice.Send(Group, "alice goes on");
        World.Pass(TimeSpan.FromSeconds(1));
        Bob.Send(Group, "bob goes on");
        World.Pass(TimeSpan.FromSeconds(90));
        Alice.Texts(Group).ShouldBe([.. Before, .. expected, "alice goes on", "bob goes on"]);
        Bob.Texts(Group).ShouldBe(Alice.Texts(Group));
        LoopbackScenes.ShouldBeEqual(Group, Alice, Bob);
        foreach (var node in new[] { Alice, Bob })
        {
            node.Reader.StatusOf(Group).Missing.ShouldBe(0);
            node.Events.OfType<DivergenceDetected>().ShouldBeEmpty();
        }
    }
}
