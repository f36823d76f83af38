using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>What is concluded about the other end: too little is sent twice, too much is never sent.</summary>
public sealed class RemoteStateTests
{
    private const string Ada = "ada";
    private const string Ben = "ben";

    private readonly RemoteState _remote = Remote(null, Log(Ada), Log(Ben));

    [Fact]
    public void Nothing_is_known_to_be_there_before_anything_was_said()
    {
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(-1);
        Has(Ada, 0).ShouldBeFalse();
        _remote.HasAll([Log(Ada, 0)]).ShouldBeFalse();
        _remote.HasAll([]).ShouldBeTrue();
    }

    [Fact]
    public void A_seq_tells_of_everything_up_to_it()
    {
        _remote.Note(TestKeys.Device(Ada), 3);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(3);
        (Has(Ada, 0), Has(Ada, 3), Has(Ada, 4), Has(Ben, 0)).ShouldBe((true, true, false, false));
        _remote.Note(TestKeys.Device(Ada), 2);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(3);
        _remote.Note(TestKeys.Device(Ada), 5);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(5);
    }

    [Fact]
    public void What_was_received_is_there()
    {
        var entry = Entry(Ada, 2);
        _remote.Note(entry.Header, entry.Id);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(2);
    }

    [Fact]
    public void All_is_there_only_when_the_newest_of_each_device_is()
    {
        _remote.Note(TestKeys.Device(Ada), 3);
        _remote.HasAll([Log(Ada, 3)]).ShouldBeTrue();
        _remote.HasAll([Log(Ada, 4)]).ShouldBeFalse();
        _remote.HasAll([Log(Ada, 3), Log(Ben, 0)]).ShouldBeFalse();

        // Of this one only a report has come: it has nothing that could be missing.
        _remote.HasAll([Log(Ada, 3), Log(Ben)]).ShouldBeTrue();
        _remote.HasAll([Log(Ada, 3, 3)]).ShouldBeFalse();
        _remote.MarkForked(TestKeys.Device(Ada));
        _remote.HasAll([Log(Ada, 3)]).ShouldBeFalse();
    }

    [Fact]
    public void Of_a_device_that_forked_all_is_there_when_each_head_is_named()
    {
        var log = new DeviceLog(1, TestKeys.Device(Ada), TestKeys.Identity(Ada));
        log.Load([(3, TestKeys.Entry("short")), (6, TestKeys.Entry("long"))], 2);
        var remote = Remote(null, log);
        remote.MarkForked(log.Device);
        var (one, other) = (new FrontierHead(log.Device, 3, TestKeys.Entry("short")), new FrontierHead(log.Device, 6, TestKeys.Entry("long")));
        remote.Said(Frontier.From([one]));
        (remote.HasAll([log]), remote.SeqOf(log.Device)).ShouldBe((false, -1));
        remote.Said(Frontier.From([one, other]));
        (remote.HasAll([log]), remote.SeqOf(log.Device)).ShouldBe((true, 6));
        remote.Said(Frontier.From([other]));
        (remote.HasAll([log]), remote.SeqOf(log.Device)).ShouldBe((false, -1));
    }

    [Fact]
    public void What_was_sent_counts_only_where_what_is_before_it_is_there()
    {
        Sent(Ada, 1);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(-1);
        Sent(Ada, 0);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(0);
        Sent(Ada, 2);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(0);
        Sent(Ada, 1);
        _remote.SeqOf(TestKeys.Device(Ada)).ShouldBe(1);
    }

    [Fact]
    public void Of_a_device_that_forked_only_what_was_sent_or_came_since_is_there()
    {
        var device = TestKeys.Device(Ada);
        var before = Entry(Ada, 0);
        _remote.Note(before.Header, before.Id);
        _remote.IsForked(device).ShouldBeFalse();
        _remote.MarkForked(device);
        _remote.IsForked(device).ShouldBeTrue();
        _remote.SeqOf(device).ShouldBe(-1);
        Has(Ada, 0).ShouldBeFalse();

        var (received, sent) = (Entry(Ada, 1), Entry(Ada, 3));
        _remote.Note(received.Header, received.Id);
        _remote.NoteSent(sent.Header, sent.Id);
        (Has(Ada, 0), Has(Ada, 1), Has(Ada, 2), Has(Ada, 3)).ShouldBe((false, true, false, true));

        // Of others a seq is as good as before.
        Sent(Ben, 0);
        Has(Ben, 0).ShouldBeTrue();
        _remote.MarkForked(TestKeys.Device(Ben));
        Has(Ben, 0).ShouldBeFalse();
    }

    [Fact]
    public void Of_a_device_that_forked_a_common_head_tells_of_all_below_it_but_where_there_are_several()
    {
        // Two branches part at 2; the shorter one ends at 3.
        var log = new DeviceLog(1, TestKeys.Device(Ada), TestKeys.Identity(Ada));
        log.Load([(3, TestKeys.Entry("short")), (6, TestKeys.Entry("long"))], 2);
        var remote = Remote(null, log);
        remote.MarkForked(log.Device);
        remote.NoteCommon(log.Device, 5);
        Enumerable.Range(0, 7).Select(seq => remote.Has(Entry(Ada, seq).Header, Entry(Ada, seq).Id))
            .ShouldBe([true, true, false, false, true, true, false]);
        remote.SeqOf(log.Device).ShouldBe(1, "from there on something may be missing");

        remote.Said(Frontier.From([new FrontierHead(log.Device, 5, TestKeys.Entry("unknown"))]));
        remote.Restart(static _ => false);
        remote.Has(Entry(Ada, 0).Header, Entry(Ada, 0).Id).ShouldBeFalse("a head that is unknown here says nothing");
        remote.Said(Frontier.From([new FrontierHead(log.Device, 1, TestKeys.Entry("known"))]));
        remote.Restart(static _ => true);
        remote.SeqOf(log.Device).ShouldBe(1);
        remote.Has(Entry(Ada, 1).Header, Entry(Ada, 1).Id).ShouldBeTrue();
    }

    [Fact]
    public void Of_a_device_that_has_not_forked_here_a_common_head_tells_of_all_below_it()
    {
        var log = new DeviceLog(1, TestKeys.Device(Ada), TestKeys.Identity(Ada));
        log.Load([(6, TestKeys.Entry("only"))], 0);
        var remote = Remote(null, log);
        remote.NoteCommon(log.Device, 5);
        remote.MarkForked(log.Device);
        remote.SeqOf(log.Device).ShouldBe(-1, "it was no news before");
        remote.NoteCommon(log.Device, 5);
        remote.NoteCommon(log.Device, 4);
        remote.SeqOf(log.Device).ShouldBe(5);
        remote.Has(Entry(Ada, 5).Header, Entry(Ada, 5).Id).ShouldBeTrue();
        remote.Has(Entry(Ada, 6).Header, Entry(Ada, 6).Id).ShouldBeFalse();
    }

    [Fact]
    public void That_a_device_has_forked_which_nobody_here_knows_is_not_noted()
    {
        var remote = Remote(null, Log(Ada, 0));
        remote.MarkForked(TestKeys.Device(Ben));
        remote.MarkForked(TestKeys.Device(Ada));
        new[] { Ben, Ada }.Select(name => remote.IsForked(TestKeys.Device(name))).ShouldBe([false, true]);
    }

    [Fact]
    public void Of_devices_that_are_unknown_all_channels_together_remember_what_there_is_room_for()
    {
        var services = StoredReplica.ServicesOf(new LoopbackWorld().Add("ada"), EngineBounds.Default with { RememberedBytes = 100 * 72 });
        var channels = Enumerable.Range(0, 20).Select(_ => new RemoteState(services, static _ => null)).ToList();
        foreach (var channel in channels)
        {
            for (var i = 0; i < 1_000; i++)
            {
                channel.Note(TestKeys.Device($"made up {i}"), 1);
            }
        }

        services.Remembered.Used.ShouldBeLessThan(100 * 72);
        channels.Count(channel => channel.SeqOf(TestKeys.Device("made up 0")) == 1).ShouldBeGreaterThan(4, "whoever comes later finds room, too");
        channels.ForEach(channel => channel.Forget());
        services.Remembered.Used.ShouldBe(0);
    }

    [Fact]
    public void A_new_start_looks_at_no_head_of_devices_that_have_not_forked()
    {
        var services = StoredReplica.ServicesOf(new LoopbackWorld().Add("ada"), null);
        var remote = new RemoteState(services, static _ => null);
        remote.Said(Frontier.From(Enumerable.Range(0, 1_000).Select(i => new FrontierHead(TestKeys.Device($"made up {i}"), 1, TestKeys.Entry($"{i}")))));
        var steps = services.Cost.Steps;
        remote.Restart(static _ => false);
        services.Cost.Steps.ShouldBe(steps);
        remote.SeqOf(TestKeys.Device("made up 0")).ShouldBe(1);
    }

    [Fact]
    public void A_new_start_leaves_what_the_frontier_says_and_which_devices_forked()
    {
        var forked = Entry(Ada, 1);
        _remote.MarkForked(TestKeys.Device(Ada));
        _remote.Note(forked.Header, forked.Id);
        _remote.Note(TestKeys.Device(Ben), 9);
        _remote.Said(Frontier.From([new FrontierHead(TestKeys.Device(Ben), 4, TestKeys.Entry("head"))]));
        _remote.Restart(static _ => false);
        _remote.SeqOf(TestKeys.Device(Ben)).ShouldBe(4);
        _remote.IsForked(TestKeys.Device(Ada)).ShouldBeTrue();
        Has(Ada, 1).ShouldBeFalse();
    }

    [Fact]
    public void Devices_that_a_peer_makes_up_are_remembered_up_to_a_bound()
    {
        var remote = Remote(EngineBounds.Default with { RemoteDevices = 2 });
        foreach (var name in new[] { "one", "two", "three" })
        {
            remote.Note(TestKeys.Device(name), 1);
        }

        new[] { "one", "two", "three" }.Select(name => remote.SeqOf(TestKeys.Device(name))).ShouldBe([1, 1, -1]);
        remote.Note(TestKeys.Device("two"), 7);
        remote.SeqOf(TestKeys.Device("two")).ShouldBe(7);
    }

    [Fact]
    public void Kept_bytes_grow_with_devices_forks_and_their_entries()
    {
        _remote.KeptBytes.ShouldBe(0);
        _remote.Note(TestKeys.Device(Ben), 1);
        _remote.KeptBytes.ShouldBe(72);
        _remote.MarkForked(TestKeys.Device(Ada));
        _remote.KeptBytes.ShouldBe(72 + 48);
        foreach (var seq in new[] { 4, 6 })
        {
            var entry = Entry(Ada, seq);
            _remote.NoteSent(entry.Header, entry.Id);
        }

        _remote.KeptBytes.ShouldBe(72 + 48 + (2 * 48));
    }

    private static RemoteState Remote(EngineBounds? bounds = null, params DeviceLog[] logs) => new(
        StoredReplica.ServicesOf(new LoopbackWorld().Add("ada"), bounds), device => logs.FirstOrDefault(log => log.Device == device));

    private static Entry Entry(string device, int seq) => new Chain(device).Extend(seq).Entries[seq];

    private static DeviceLog Log(string device, params ulong[] heads)
    {
        var log = new DeviceLog(1, TestKeys.Device(device), TestKeys.Identity(device));
        log.Load(heads.Select((seq, i) => (seq, TestKeys.Entry($"{device} {i}"))), 0);
        return log;
    }

    private bool Has(string device, int seq) => _remote.Has(Entry(device, seq).Header, Entry(device, seq).Id);

    private void Sent(string device, int seq) => _remote.NoteSent(Entry(device, seq).Header, Entry(device, seq).Id);
}
