using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Few heads lie in records and many in a row each, so that one more costs no more when there are many.</summary>
public sealed class ReplicaHeadsTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly List<Entry> _branches = [];
    private readonly Entry _first;

    public ReplicaHeadsTests()
    {
        ReplicaDevice.Group(_alice, _bob);
        _first = _bob.Forge(EntryKind.Message, new MessageBody { Text = "a branch" });
    }

    [Fact]
    public void One_more_branch_costs_as_many_bytes_when_there_are_many_as_when_there_are_few()
    {
        var written = Enumerable.Range(0, 300).Select(_ => Fork()).ToList();
        (_alice.Replica.CurrentFrontier().Count, _alice.Replica.Devices.Max(log => log.Branches.Count)).ShouldBe((301, 300));
        written[^1].ShouldBeInRange(written[100] - 64, written[100] + 64);
        written[150..].Max().ShouldBeLessThan(written[..8].Max() + 256);
    }

    [Fact]
    public void Up_to_eight_branches_lie_in_the_record_and_more_in_a_row_each()
    {
        Fork(8);
        (Device().Branches.Count, BranchRows()).ShouldBe((8, 0));
        Fork();
        (Device().Branches.Count, BranchRows()).ShouldBe((0, 9));
        Fork(3);
        (Device().Branches.Count, BranchRows()).ShouldBe((0, 12));
        ShouldBeReadBack();
    }

    [Fact]
    public void A_branch_that_goes_on_has_the_row_of_its_new_head_alone()
    {
        Fork(12);
        var forked = _branches[5];
        var next = Behind(forked, 1);
        _alice.Receive(_bob.Sign(next, Behind(next, 2)));
        BranchRows().ShouldBe(12);
        ShouldBeReadBack();
        _alice.Replica.Devices.Single(log => log.Device == _bob.Device).Branches.ShouldNotContain(branch => branch.Head == forked.Id);
        _alice.Replica.Devices.Single(log => log.Device == _bob.Device).MaxSeq.ShouldBe(forked.Header.Seq + 2);
        Fork(2);
        ShouldBeReadBack();
    }

    [Fact]
    public void Up_to_64_tips_lie_in_the_record_and_more_in_a_row_each_until_few_are_left()
    {
        Fork(64);
        (Tips(), TipRows()).ShouldBe((64, 0));
        Fork();
        (Tips(), TipRows()).ShouldBe((0, 65));
        ShouldBeReadBack();

        // Each of these has two tips in its past.
        for (var i = 0; i < 32; i++)
        {
            _alice.Receive(_bob.Sign(Behind(_branches[2 * i], i, _branches[(2 * i) + 1])));
        }

        (Tips(), TipRows()).ShouldBe((0, 33));
        ShouldBeReadBack();
        _alice.Receive(_bob.Sign(Behind(_branches[1], 40, _branches[64])));
        (Tips(), TipRows()).ShouldBe((0, 33));
        Fork();
        _alice.Say("has 16 of 34 in its past");
        (Tips(), TipRows()).ShouldBe((19, 0));
        ShouldBeReadBack();
    }

    [Fact]
    public void A_home_from_before_has_all_in_its_records_and_is_read_and_put_into_rows()
    {
        Fork(80);
        var (frontier, hash) = (_alice.Replica.CurrentFrontier(), _alice.Replica.StateHash());
        var (device, replica) = (Device(), Record());
        device.Branches.AddRange(Forked().Branches.Select(branch => new BranchRecord { Seq = branch.Seq, Head = ReplicaDevice.Bytes(branch.Head.ToArray()) }));
        replica.Tips.AddRange(_branches.Select(branch => branch.Id).Order().Select(tip => ReplicaDevice.Bytes(tip.ToArray())));
        var before = new WriteBatch();
        before.Put(ColumnFamily.Conversations, StoreKeys.Device(_alice.Number, Forked().Number), device.ToByteArray());
        before.Put(ColumnFamily.Conversations, StoreKeys.Replica(_alice.Number), replica.ToByteArray());
        foreach (var branch in _branches)
        {
            before.Delete(ColumnFamily.Conversations, StoreKeys.Branch(_alice.Number, Forked().Number, branch.Id));
            before.Delete(ColumnFamily.Conversations, StoreKeys.Tip(_alice.Number, branch.Id));
        }

        _alice.Store.Write(before);
        (BranchRows(), TipRows()).ShouldBe((0, 0));
        _alice.Restart();
        _alice.Replica.CurrentFrontier().Encode().ShouldBe(frontier.Encode());
        _alice.Replica.StateHash().ShouldBe(hash);
        _alice.Reader.StatusOf(_alice.Id).Frontier.ShouldBe(frontier.Heads);
        Fork();
        (Device().Branches.Count, Tips(), BranchRows(), TipRows()).ShouldBe((0, 0, 81, 81));
        ShouldBeReadBack();
    }

    /// <summary>After a restart everything is as it was, and readers see the same.</summary>
    private void ShouldBeReadBack()
    {
        var (frontier, hash, parents) = (_alice.Replica.CurrentFrontier(), _alice.Replica.StateHash(), Parents());
        _alice.Reader.StatusOf(_alice.Id).Frontier.ShouldBe(frontier.Heads);
        _alice.Restart();
        _alice.Replica.CurrentFrontier().Encode().ShouldBe(frontier.Encode());
        _alice.Replica.StateHash().ShouldBe(hash);
        Parents().ShouldBe(parents);

        // What is written next names the earliest tips.
        IReadOnlyList<EntryId> Parents() => _alice.Copied().Say("joins them")[^1].Last.Header.Parents;
    }

    private void Fork(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Fork();
        }
    }

    /// <summary>Another branch comes, in a batch of its own; how many bytes that is.</summary>
    private long Fork()
    {
        var entry = Next(_first.Header, _branches.Count);
        _branches.Add(entry);
        _alice.Offer(_bob.Sign(entry));
        _alice.Replica.Flush();
        var bytes = _alice.Batch.Changes.Sum(change => change.Key.Length + (change.Value?.Length ?? 0));
        _alice.Persist();
        return bytes;
    }

    private static Entry Behind(Entry entry, int number, params Entry[] parents) => Next(
        entry.Header with
        {
            Seq = entry.Header.Seq + 1,
            Previous = entry.Id,
            Parents = [.. parents.Select(parent => parent.Id).Order()],
            Depth = entry.Header.Depth + 1,
        },
        1_000 + number);

    private static Entry Next(EntryHeader header, int number) => Entry.CreateWithBody(
        TestKeys.Sodium,
        header with { Hlc = HybridTimestamp.FromMilliseconds(header.Hlc.Milliseconds + 1 + number) },
        new byte[40]);

    private DeviceLog Forked() => _alice.Replica.Devices.Single(log => log.Device == _bob.Device);

    private DeviceRecord Device() => DeviceRecord.Parser.ParseFrom(Read(StoreKeys.Device(_alice.Number, Forked().Number)));

    private ReplicaRecord Record() => ReplicaRecord.Parser.ParseFrom(Read(StoreKeys.Replica(_alice.Number)));

    private int Tips() => Record().Tips.Count;

    private int BranchRows() => _alice.Rows(ColumnFamily.Conversations, StoreKeys.Tagged('b', _alice.Number));

    private int TipRows() => _alice.Rows(ColumnFamily.Conversations, StoreKeys.Tagged('t', _alice.Number));

    private byte[] Read(byte[] key) => _alice.Store.TryGet(ColumnFamily.Conversations, key, out var value) ? value : throw new InvalidOperationException();
}
