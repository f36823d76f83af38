using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Replicas;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>Bodies are asked for soon after they are found absent, and again later where the other end has said neither what they are nor that they were deleted.</summary>
public sealed class BodyRequestsTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly BodyRequests _requests;
    private Instant _now = new(5_000_000);

    public BodyRequestsTests()
    {
        ReplicaDevice.Group(_alice, _bob);
        _requests = new BodyRequests(_bob.Replica.Absent);
    }

    [Fact]
    public void Nothing_is_due_once_what_was_absent_has_come()
    {
        _requests.Look(_now);
        _requests.Deadline.ShouldBe(Instant.Never);
        var said = Lack("hello");
        _bob.Replica.Fill(said.Id, said.Body!.Value, _bob.Now);
        _bob.Settle();
        _requests.Look(_now);
        _requests.Deadline.ShouldBe(Instant.Never);
        _requests.Begin(_now);
        _requests.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_says_nothing()
    {
        var said = Lack("hello");
        _requests.Begin(_now);
        var due = _now + s_soon;
        _now += TimeSpan.FromSeconds(1);
        _requests.Answered(1, 1, _now).ShouldBeFalse();
        _requests.Answered(0, 0, _now).ShouldBeFalse();
        _requests.Deadline.ShouldBe(due);
        _requests.Next(_now).ShouldBe([said.Id]);
    }

    [Fact]
    public void An_answer_that_does_not_come_is_waited_for_and_then_asked_for_again_and_later_each_time()
    {
        var said = Lack("hello");
        _requests.Begin(_now);
        foreach (var seconds in new[] { 2, 4, 8 })
        {
            _requests.Next(_now).ShouldBe([said.Id]);
            _requests.Deadline.ShouldBe(_now + s_patience);
            _requests.KeptBytes.ShouldBe(120);
            _now = _requests.Deadline;
            _requests.Next(_now).ShouldBeEmpty();
            _requests.Deadline.ShouldBe(_now + TimeSpan.FromSeconds(seconds));
            _requests.KeptBytes.ShouldBe(0);
            _now = _requests.Deadline;
        }
    }

    [Fact]
    public void What_is_found_meanwhile_in_front_of_what_was_asked_for_is_asked_for_in_a_pass_of_its_own()
    {
        var reaction = Lack(EntryKind.Reaction, new ReactionBody { Emoji = "👍" });
        _requests.Begin(_now);
        _requests.Next(_now).ShouldBe([reaction.Id]);
        var patience = _requests.Deadline;
        _now += TimeSpan.FromSeconds(1);
        var said = Lack("hello");
        _requests.Look(_now);
        _requests.Deadline.ShouldBe(patience, "one request is under way at a time");
        _requests.Answered(1, 1, _now).ShouldBeTrue();
        _requests.Next(_now).ShouldBeEmpty();
        _requests.Deadline.ShouldBe(_now + s_soon);
        _requests.Next(_now).ShouldBe([said.Id, reaction.Id]);
    }

    [Fact]
    public void Whatever_is_found_later_is_asked_for_soon_however_long_the_rest_has_waited()
    {
        var first = Lack("first");
        _requests.Begin(_now);
        for (var i = 0; i < 6; i++)
        {
            _requests.Next(_now);
            _now = _requests.Deadline;
        }

        var second = Lack("second");
        _requests.Next(_now);
        _now = _requests.Deadline;
        _requests.Next(_now).ShouldBeEmpty();
        _requests.Deadline.ShouldBe(_now + s_soon);
        _requests.Next(_now).ShouldBe([first.Id, second.Id]);
        _requests.Answered(2, 1, _now).ShouldBeTrue();
        _requests.Next(_now).ShouldBeEmpty();
        _requests.Deadline.ShouldBe(_now + s_soon, "what is new has its own patience");
    }

    [Fact]
    public void Once_all_is_answered_nothing_more_is_asked_even_after_a_pass_that_left_something_open()
    {
        var said = Lack("hello");
        _requests.Begin(_now);
        _requests.Next(_now);
        _requests.Answered(1, 0, _now).ShouldBeTrue();
        _requests.Next(_now).ShouldBeEmpty();
        _requests.Deadline.ShouldBe(_now + s_soon);
        _requests.Next(_now).ShouldBe([said.Id]);
        _requests.Answered(1, 1, _now).ShouldBeTrue();
        _requests.Next(_now).ShouldBeEmpty();
        _requests.Deadline.ShouldBe(Instant.Never, "the other end has said that it was deleted");
    }

    [Fact]
    public void An_answer_that_considers_nothing_ends_the_pass_and_leaves_it_open()
    {
        var said = Lack("hello");
        _requests.Begin(_now);
        _requests.Next(_now);
        _now += TimeSpan.FromSeconds(1);
        _requests.Answered(0, 0, _now).ShouldBeFalse();
        _requests.Deadline.ShouldBe(_now + s_soon);
        _requests.KeptBytes.ShouldBe(0);
        _requests.Next(_now).ShouldBe([said.Id]);
    }

    [Fact]
    public void An_answer_speaks_of_what_it_considers_and_the_next_request_goes_on_behind_that()
    {
        var (first, second) = (Lack("first"), Lack("second"));
        _requests.Begin(_now);
        _requests.Next(_now).ShouldBe([first.Id, second.Id]);
        _requests.KeptBytes.ShouldBe(240);
        _requests.Answered(1, 1, _now).ShouldBeTrue();
        _requests.Next(_now).ShouldBe([second.Id]);

        // Of more than was asked for it cannot speak.
        _requests.Answered(BodyRequests.MostAtOnce, 1, _now).ShouldBeTrue();
        _requests.Next(_now).ShouldBeEmpty();
        _requests.Deadline.ShouldBe(Instant.Never);
    }

    private Entry Lack(string text) => Lack(EntryKind.Message, new MessageBody { Text = text });

    private Entry Lack(uint kind, Google.Protobuf.IMessage body)
    {
        var entry = _alice.Write(kind, body)[^1].Last;
        _bob.Receive(_alice.Sign(entry.WithBody(null)));
        return entry;
    }
}
