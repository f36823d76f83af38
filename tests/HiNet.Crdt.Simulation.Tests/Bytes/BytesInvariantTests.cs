using System.Text;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Tests.Bytes;

/// <summary>The invariants about bytes are seen to fail, on disks that hold what they must not.</summary>
public sealed class BytesInvariantTests
{
    [Fact]
    public async Task A_deleted_body_in_any_row_is_found()
    {
        var (world, alice, _, direct) = Pair();
        var sent = await direct.SendAsync("that was not meant for you");
        world.RunUntilQuiet();
        var body = BodyOf(alice, sent.Id);
        await direct.DeleteAsync(sent.Id);
        world.RunUntilQuiet();
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Parked, [1, 2, 3], [9, 9, .. body]);
        alice.Process.Disk.Commit(batch, alice.Process);
        Should.Throw<SimulationException>(world.RunUntilQuiet).Invariant.ShouldBe("erased-gone");
    }

    [Fact]
    public async Task The_body_of_an_edit_of_what_was_deleted_is_found_too()
    {
        var (world, alice, bob, direct) = Pair();
        var sent = await direct.SendAsync("that was not meant for you");
        var edit = await direct.EditAsync(sent.Id, "nor was this");
        world.RunUntilQuiet();
        var body = BodyOf(bob, edit.Id);
        await direct.DeleteAsync(sent.Id);
        world.RunUntilQuiet();
        BodyOf(bob, edit.Id).ShouldBeEmpty();
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Timeline, [1, 2, 3], body);
        bob.Process.Disk.Commit(batch, bob.Process);
        Should.Throw<SimulationException>(world.RunUntilQuiet).Invariant.ShouldBe("erased-gone");
        alice.IsUp.ShouldBeTrue();
    }

    [Fact]
    public async Task A_text_in_the_clear_is_found_when_it_is_written()
    {
        var (_, alice, _, direct) = Pair();
        await direct.SendAsync("a text of some length");
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Conversations, [1, 2, 3], Encoding.UTF8.GetBytes("log: a text of some length was sent"));
        Should.Throw<SimulationException>(() => alice.Process.Disk.Commit(batch, alice.Process)).Invariant.ShouldBe("strangers-learn-nothing");
    }

    private static (SimulatedWorld World, SimulatedNode Alice, SimulatedNode Bob, IConversation Direct) Pair()
    {
        var world = new SimulatedWorld(5);
        var alice = world.AddNode("alice");
        var bob = world.AddNode("bob");
        world.Introduce(alice, bob);
        return (world, alice, bob, alice.OpenDirectAsync(bob.Self.Id).GetAwaiter().GetResult());
    }

    private static byte[] BodyOf(SimulatedNode node, EntryId entry)
    {
        node.Process.Disk.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(entry), out var place).ShouldBeTrue();
        using var rows = node.Process.Disk.Scan(ColumnFamily.Entries, [], []);
        while (rows.MoveNext())
        {
            var record = new EntryRecord(rows.Value);
            if (Entry.IdOf(((EngineHome)node.Process.Home).Cryptography, record.Header.ToArray()) == entry)
            {
                return record.Body.ToArray();
            }
        }

        throw new InvalidOperationException("The entry is not there.");
    }
}
