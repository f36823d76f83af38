using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>All that is absent is asked for, also what has become so while others were being asked for.</summary>
public sealed class BodyRequestPassesTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly ReplicaDevice _alice = new("alice");
    private readonly AbsentBodies _absent;
    private readonly BodyRequests _requests;
    private Instant _now = new(1_000_000);

    public BodyRequestPassesTests()
    {
        _absent = new AbsentBodies(1, _alice.Services);
        _requests = new BodyRequests(_absent);
    }

    [Fact]
    public void What_became_absent_in_a_place_that_was_passed_is_asked_for_when_the_pass_is_over()
    {
        Add(device: 2, "first");
        _requests.Begin(_now);
        Ask().ShouldBe([TestKeys.Entry("first")]);
        _requests.Answered(1, 1, _now).ShouldBeTrue();

        // The channel has begun to pull, so the rest of the pass waits; what comes meanwhile has its place before it.
        _requests.Postpone(_now);
        Add(device: 1, "before it");
        _requests.Look(_now);
        Ask().ShouldBeEmpty();
        _requests.Deadline.ShouldBe(_now + s_soon);
        Ask().ShouldBe([TestKeys.Entry("before it"), TestKeys.Entry("first")]);
    }

    [Fact]
    public void What_became_absent_behind_the_place_is_asked_for_in_the_same_pass()
    {
        Add(device: 2, "first");
        _requests.Begin(_now);
        Ask().ShouldBe([TestKeys.Entry("first")]);
        _requests.Answered(1, 1, _now).ShouldBeTrue();
        Add(device: 3, "behind it");
        _requests.Look(_now);
        _requests.Next(_now).ShouldBe([TestKeys.Entry("behind it")]);
    }

    private IReadOnlyList<EntryId> Ask()
    {
        _now = _requests.Deadline;
        return _requests.Next(_now);
    }

    private void Add(uint device, string name)
    {
        _absent.Add(device, isShown: true, new EntryInfo(TestKeys.Entry(name), TestKeys.Device("any"), 0, default, 0, 1, EntryKind.Message, default));
        _alice.Store.Write(_alice.Services.Store.Seal());
        _alice.Services.Store.Settle();
    }
}
