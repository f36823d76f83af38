using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What a link costs between two who have many conversations each, and few in common.</summary>
public sealed class ManyConversationsTests
{
    [Fact]
    public void The_names_of_all_channels_are_worked_out_once_a_link()
    {
        const int Others = 100;
        var world = new LoopbackWorld();
        var (ada, ben) = world.Contacts("Ada", "Ben", link: false);
        for (var i = 0; i < Others; i++)
        {
            ada.Group($"a {i}");
            ben.Group($"b {i}");
        }

        var before = ben.Core.Cost[CostKind.Hash];
        world.Link(ada, ben);
        world.Run();

        // Each for each would be 10,000.
        (ben.Core.Cost[CostKind.Hash] - before).ShouldBeLessThan(4 * Others);
        ada.IsLinked.ShouldBeTrue();
    }

    [Fact]
    public void An_invite_is_answered_by_someone_with_more_conversations_than_a_link_has_channels()
    {
        const int Others = 1_030;
        var world = new LoopbackWorld();
        var (ada, ben) = (world.Add("Ada"), world.Add("Ben"));
        for (var i = 0; i < Others; i++)
        {
            ada.Group($"a {i}");
        }

        LoopbackScenes.Introduce(ada, ben);
        world.Link(ben, ada);
        world.Run();
        ada.Reader.Contacts().ShouldHaveSingleItem().Id.ShouldBe(ben.Identity);
        ben.Reader.Contacts().ShouldHaveSingleItem().Status.ShouldBe(ContactStatus.Met);
    }
}
