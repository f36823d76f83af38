using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A disk that refuses a write: nothing that was acknowledged is lost, nothing more is accepted, and nobody is told of what is not durable.</summary>
public sealed class DiskFailureTests
{
    private const string Full = "The disk is full: make room and start the node again.";

    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly ConversationId _direct;

    public DiskFailureTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob");
        _direct = _alice.Direct(_bob);
        _alice.Send(_direct, "acknowledged");
        _world.Pass(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_command_whose_write_fails_is_refused_with_the_sentence_and_so_is_every_later_one()
    {
        _alice.DiskProblem = Full;
        _alice.Refusal(new NodeCommand.SendText(_direct, "lost", null)).ShouldBe(Full);
        _alice.Refusal(new NodeCommand.SendText(_direct, "later", null)).ShouldBe(Full);
        _alice.Refusal(new NodeCommand.CreateInvite([])).ShouldBe(Full);
        _alice.Events.OfType<StorageFailed>().ShouldHaveSingleItem().Problem.ShouldBe(Full);
    }

    [Fact]
    public void Every_command_that_waits_for_the_write_is_refused()
    {
        _alice.DiskProblem = Full;
        foreach (var i in new[] { -1, -2, -3 })
        {
            _alice.Input(new NodeInput.Commanded(i, new NodeCommand.SendText(_direct, $"{i}", null)));
        }

        _world.Run();
        foreach (var i in new[] { -1, -2, -3 })
        {
            _alice.Results[i].ShouldBeOfType<NodeResult.Refused>().Problem.ShouldBe(Full);
        }
    }

    [Fact]
    public void Links_are_closed_and_nothing_of_it_reaches_others()
    {
        _alice.DiskProblem = Full;
        _alice.Refusal(new NodeCommand.SendText(_direct, "lost", null)).ShouldBe(Full);
        _alice.IsLinked.ShouldBeFalse();
        _bob.IsLinked.ShouldBeFalse();
        _bob.Texts(_direct).ShouldBe(["acknowledged"]);
        _world.Link(_bob, _alice);
        _alice.IsLinked.ShouldBeFalse("a node that can keep nothing takes nothing");
    }

    [Fact]
    public void What_is_received_is_neither_acknowledged_nor_shown()
    {
        _alice.DiskProblem = Full;
        var sent = _bob.Send(_direct, "to a full disk");
        _world.Pass(TimeSpan.FromSeconds(5));
        _bob.Reader.Find(_direct, sent)!.State.ShouldBe(MessageState.Stored);
        _alice.Texts(_direct).ShouldBe(["acknowledged"]);
        _alice.Reader.Events(_direct, default, 1000).OfType<MessageAdded>().Count().ShouldBe(1);
    }

    [Fact]
    public void Time_passes_at_rest()
    {
        _alice.Do(new NodeCommand.KeepLinked("127.0.0.1:1")).ShouldBeOfType<NodeResult.Done>();
        _alice.DiskProblem = Full;
        _alice.Refusal(new NodeCommand.SendText(_direct, "lost", null)).ShouldBe(Full);
        _alice.Core.Deadline.ShouldBe(Core.Ports.Instant.Never);
        _world.Pass(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Started_again_with_room_it_goes_on_where_it_was()
    {
        _alice.DiskProblem = Full;
        _alice.Refusal(new NodeCommand.SendText(_direct, "lost", null)).ShouldBe(Full);
        _bob.Send(_direct, "meanwhile");
        _alice.DiskProblem = null;
        _alice.Restart();
        _world.Link(_alice, _bob);
        _alice.Send(_direct, "again");
        _world.Pass(TimeSpan.FromSeconds(5));
        _alice.Texts(_direct).ShouldBe(["acknowledged", "meanwhile", "again"]);
        _bob.Texts(_direct).ShouldBe(_alice.Texts(_direct));
        LoopbackScenes.ShouldBeEqual(_direct, _alice, _bob);
    }
}
