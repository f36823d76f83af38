using System.Text;
using HiNet.Crdt.Core.Identity;
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

    [Fact]
    public async Task A_name_a_card_or_an_address_in_the_clear_is_found_when_it_is_written()
    {
        var world = new SimulatedWorld(5);
        var alice = world.AddNode("Alice of the mill");
        var bob = world.AddNode("Bob of the bridge");
        world.Introduce(alice, bob);
        await alice.CreateGroupAsync("plans for the winter", [bob.Self.Id]);
        world.RunUntilQuiet();
        var home = (EngineHome)bob.Process.Home;
        byte[][] rows =
        [
            Encoding.UTF8.GetBytes("Bob of the bridge"), Encoding.UTF8.GetBytes("plans for the winter"), Encoding.UTF8.GetBytes(bob.Address),
            home.Secrets.Card(home.Cryptography).Encode(),
        ];
        foreach (var row in rows)
        {
            var batch = new WriteBatch();
            batch.Put(ColumnFamily.Contacts, [1, 2, 3], [9, 9, .. row]);
            Should.Throw<SimulationException>(() => alice.Process.Disk.Commit(batch, alice.Process)).Invariant.ShouldBe("strangers-learn-nothing");
        }
    }

    [Fact]
    public async Task An_invite_in_the_clear_is_found_although_its_row_is_older_than_itself()
    {
        var invite = await Inviting(null);
        Invite.TryParse(invite, out var parsed, out _).ShouldBeTrue();
        (await Should.ThrowAsync<SimulationException>(() => Inviting(parsed!.Secret.ToArray()))).Invariant.ShouldBe("strangers-learn-nothing");

        static async Task<string> Inviting(byte[]? row)
        {
            var (world, alice, _, _) = Pair();
            if (row is not null)
            {
                var batch = new WriteBatch();
                batch.Put(ColumnFamily.Contacts, [1, 2, 3], row);
                alice.Process.Disk.Commit(batch, alice.Process);
            }

            var invite = await alice.CreateInviteAsync();
            world.RunUntilQuiet();
            return invite;
        }
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
