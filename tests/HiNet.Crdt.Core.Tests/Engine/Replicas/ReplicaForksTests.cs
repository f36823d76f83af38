using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Who reports a fork, when, and once.</summary>
public sealed class ReplicaForksTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly ReplicaDevice _carol = new("carol");

    public ReplicaForksTests() => ReplicaDevice.Group(_alice, _bob, _carol);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_fork_is_proven_up_to_the_signature_on_each_branch(int length)
    {
        if (length > 1)
        {
            // No run reaches over the first entry of a chain.
            var first = _carol.Say("first");
            _alice.Receive(first);
            _bob.Receive(first);
        }

        var (one, other) = Fork(_carol, length);
        _bob.Replica.HasUnreportedForks.ShouldBeFalse();
        _bob.Receive(one, other);
        _bob.Counts["hinet.log.forks"].ShouldBe(1);
        _bob.Replica.HasUnreportedForks.ShouldBeTrue();
        _bob.Restart();
        _bob.Replica.HasUnreportedForks.ShouldBeTrue();
        var report = Report(_bob).ShouldHaveSingleItem();
        _bob.Replica.HasUnreportedForks.ShouldBeFalse();
        Report(_bob).ShouldBeEmpty();
        _alice.Receive(one, other);
        _alice.Receive(_bob.Sign(report));
        _alice.Replica.HasUnreportedForks.ShouldBeFalse();
        _alice.Stored(report.Id).Flags.ShouldBe(EntryFlags.None);
        _alice.Replica.Devices.Single(log => log.Device == _carol.Device).IsReported.ShouldBeTrue();
    }

    [Fact]
    public void A_second_report_is_no_news_and_a_third_branch_asks_for_none()
    {
        var third = _carol.Copied();
        var (one, other) = Fork(_carol, 1);
        _bob.Receive(one, other);
        _alice.Receive(one, other);
        var (first, second) = (Report(_bob).Single(), Report(_alice).Single());
        _bob.Receive(_alice.Sign(second));
        _bob.Stored(first.Id).Flags.ShouldBe(EntryFlags.None);
        _bob.Stored(second.Id).Flags.ShouldBe(EntryFlags.Repeated);
        _bob.Receive(third.Say("third"));
        _bob.Counts["hinet.log.forks"].ShouldBe(2);
        _bob.Replica.HasUnreportedForks.ShouldBeFalse();
        _bob.Restart();
        _bob.Replica.HasForks.ShouldBeTrue();
        _bob.Replica.HasUnreportedForks.ShouldBeFalse();
    }

    [Fact]
    public void Nobody_reports_their_own_device()
    {
        var (one, other) = Fork(_carol.Copied(), 1);
        _carol.Receive(one, other);
        _carol.Replica.HasForks.ShouldBeTrue();
        _carol.Replica.HasUnreportedForks.ShouldBeFalse();
        _carol.Restart();
        _carol.Replica.HasUnreportedForks.ShouldBeFalse();
    }

    [Fact]
    public void Whoever_is_behind_itself_reports_later()
    {
        var (one, other) = Fork(_carol, 1);
        _bob.Receive(one, other);
        _bob.Replica.NoteOwnHead(TestKeys.Entry("own"), _alice.Identity, _bob.Now);
        Report(_bob).ShouldBeEmpty();
        _bob.Now += Core.Engine.Limits.OwnHeadPatience;
        Report(_bob).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Role.Reader, 1)]
    [InlineData(Role.None, 0)]
    public void A_reader_reports_and_whoever_left_does_not(Role role, int reports)
    {
        _bob.Control(EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(_bob.Identity.ToArray()), Role = (uint)role });
        var (one, other) = Fork(_carol, 1);
        _bob.Receive(one, other);
        Report(_bob).Count.ShouldBe(reports);
    }

    [Fact]
    public void Someone_who_was_taken_in_without_a_device_introduces_it_and_reports()
    {
        var dave = new ReplicaDevice("dave");
        _alice.Control(EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(dave.Identity.ToArray()), Role = (uint)Role.Member });
        var (one, other) = Fork(_carol, 1);
        dave.Join(_alice);
        dave.Receive([.. _alice.Everything(), one, other]);
        dave.Replica.Authority.TryGetDevice(dave.Device, out _).ShouldBeFalse();
        Report(dave).ShouldHaveSingleItem();
    }

    [Fact]
    public void Who_hears_that_they_forked_before_anything_of_their_own_goes_on_writing()
    {
        var (one, other) = Fork(_carol, 1);
        EquivocationProof.TryCreate(
            TestKeys.Sodium, new SignedPath([one.Last.HeaderBytes], one.Signature), new SignedPath([other.Last.HeaderBytes], other.Signature), out var proof)
            .ShouldBeTrue();
        var before = _alice.Everything();
        var report = _alice.Control(EntryKind.EquivocationReport, new EquivocationReportBody { Proof = ReplicaDevice.Bytes(proof!.Encode()) });
        var anew = new ReplicaDevice("carol");
        anew.Device.ShouldBe(_carol.Device);
        anew.Join(_alice);
        anew.Receive([.. before, .. report]);
        anew.Replica.Devices.Single(log => log.Device == anew.Device).Branches.ShouldBeEmpty();
        anew.Say("hello")[^1].Last.Header.Seq.ShouldBe(0UL);
    }

    [Fact]
    public void The_report_of_a_device_that_is_nobodys_is_no_news()
    {
        var stranger = new ReplicaDevice("stranger");
        SignedPath Path(string text)
        {
            var entry = _alice.Forge(EntryKind.Message, new MessageBody { Text = text }, header => Of(stranger, header));
            return new SignedPath([entry.HeaderBytes], stranger.Sign(entry).Signature);
        }

        EquivocationProof.TryCreate(TestKeys.Sodium, Path("one"), Path("other"), out var proof).ShouldBeTrue();
        var report = _alice.Control(EntryKind.EquivocationReport, new EquivocationReportBody { Proof = ReplicaDevice.Bytes(proof!.Encode()) });
        _alice.Stored(report[^1].Last.Id).Flags.ShouldBe(EntryFlags.Repeated);
    }

    [Fact]
    public void After_an_own_fork_the_higher_branch_goes_on()
    {
        var copy = _carol.Copied();
        _carol.Say("one");
        var higher = copy.Say("other");
        var end = copy.Say("and more");
        _carol.Receive([.. higher, .. end]);
        _carol.Say("goes on")[^1].Last.Header.Previous.ShouldBe(end[^1].Last.Id);
    }

    private static EntryHeader Of(ReplicaDevice device, EntryHeader header) => header with { Device = device.Device };

    private static (SignedRun One, SignedRun Other) Fork(ReplicaDevice device, int length)
    {
        var copy = device.Copied();
        return (Branch(device, "one"), Branch(copy, "other"));

        SignedRun Branch(ReplicaDevice one, string text)
        {
            Entry[] entries = [.. Enumerable.Range(0, length).Select(i => one.Say($"{text} {i}")[^1].Last)];
            return one.Sign(entries);
        }
    }

    private static List<Entry> Report(ReplicaDevice device)
    {
        device.Replica.ReportForks(device.Now);
        return [.. device.Settle().SelectMany(run => run.Entries).Where(entry => entry.Header.Kind == EntryKind.EquivocationReport)];
    }
}
