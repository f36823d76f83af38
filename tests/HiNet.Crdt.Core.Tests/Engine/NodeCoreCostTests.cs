using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Engine.Sessions;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What a node says of its own work and memory.</summary>
public sealed class NodeCoreCostTests
{
    private readonly LoopbackWorld _world = new();

    [Fact]
    public void The_input_of_the_bounds_is_what_there_is()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        alice.Core.CostInput.ShouldBe(new CostInput(1, 1, 1, 0, 0, 0));
        var direct = alice.Direct(bob);
        alice.Send(direct, "hello");
        _world.Link(_world.Add("stranger"), alice);
        _world.Link(_world.Add("other"), alice);
        var group = alice.Group("team", bob);
        _world.Pass(TimeSpan.FromSeconds(5));
        bob.Send(group, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));

        var statuses = new[] { direct, group }.Select(alice.Reader.StatusOf).ToList();
        var input = alice.Core.CostInput;
        (input.Conversations, input.Links, input.Channels).ShouldBe((2, 3, 2));
        input.Entries.ShouldBe(statuses.Sum(status => status.Entries));
        input.Entries.ShouldBeGreaterThan(5);
        (_world.Nodes[2].IsLinked, _world.Nodes[3].IsLinked).ShouldBe((true, true));
        input.Heads.ShouldBe(statuses.Sum(status => status.Frontier.Count));
        input.Authority.ShouldBe(Authority(alice));
    }

    [Fact]
    public void Whatever_grows_shows_in_the_bytes_that_are_kept()
    {
        var alice = _world.Add("alice");
        var last = 0L;
        alice.Core.KeptBytes.ShouldBe(0);
        var bob = _world.Add("bob");
        LoopbackScenes.Introduce(bob, alice);
        ShouldHaveGrown(200);
        _world.Link(bob, alice);
        ShouldHaveGrown(1_000);
        _world.Link(alice, _world.Add("stranger"), "stranger:1");
        var withStranger = ShouldHaveGrown(1_000);
        var direct = alice.Direct(bob);
        for (var i = 0; i < 50; i++)
        {
            alice.Send(direct, $"{i}");
        }

        ShouldHaveGrown(50 * 100);
        withStranger.ShouldBeLessThan(1 << 20);

        long ShouldHaveGrown(long least)
        {
            var grown = alice.Core.KeptBytes - last;
            grown.ShouldBeGreaterThanOrEqualTo(least);
            last += grown;
            return grown;
        }
    }

    [Fact]
    public void A_contact_counts_200_bytes_beside_the_conversation_with_them()
    {
        var (alice, bob) = (_world.Add("alice"), _world.Add("bob"));
        LoopbackScenes.Introduce(bob, alice);
        var direct = alice.Direct(bob);
        alice.Core.KeptBytes.ShouldBe(200 + new StoredReplica(alice, direct).Replica.KeptBytes);
    }

    [Fact]
    public void An_address_counts_200_bytes_beside_its_link()
    {
        var alice = _world.Add("alice");
        _world.Link(alice, _world.Add("one"));
        var one = alice.Core.KeptBytes;
        _world.Link(alice, _world.Add("other"), "other:1");
        (alice.Core.KeptBytes - one).ShouldBe(one + 200);
    }

    [Fact]
    public void So_do_nodes_of_the_dht()
    {
        var options = new NodeCoreOptions { Dht = new DhtOptions() };
        var (alice, bob) = (_world.Add("alice", options), _world.Add("bob", options));
        alice.Input(new NodeInput.BootstrapResolved([bob.Endpoint]));
        _world.Pass(TimeSpan.FromSeconds(5));
        alice.Core.KeptBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_is_being_checked_is_kept_until_it_is()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.Send(direct, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));
        alice.HoldChecks = true;
        var (bytes, checks) = (alice.Core.KeptBytes, alice.Core.Cost[CostKind.Signature]);
        for (var i = 0; i < 20; i++)
        {
            bob.Send(direct, new string('x', 1_000));
        }

        alice.Core.KeptBytes.ShouldBeGreaterThan(bytes + 20_000);
        alice.Core.Cost[CostKind.Signature].ShouldBeGreaterThanOrEqualTo(checks + 20);
    }

    [Fact]
    public void Each_link_and_conversation_is_asked_for_its_deadline()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        alice.Group("team", bob);
        _world.Pass(TimeSpan.FromSeconds(5));
        var before = alice.Core.Cost[CostKind.Deadline];
        _ = alice.Core.Deadline;
        (alice.Core.Cost[CostKind.Deadline] - before).ShouldBe(5, "a link, two conversations, and two channels on the link");
    }

    private static int Authority(LoopbackNode node)
    {
        using var rows = node.Store.Scan(ColumnFamily.Entries, [], []);
        var count = 0;
        while (rows.MoveNext())
        {
            EntryCodec.TryDecode(new EntryRecord(rows.Value).Header.ToArray(), out var header, out _).ShouldBeTrue();
            count += EntryKind.IsAuthority(header!.Kind) ? 1 : 0;
        }

        return count;
    }
}
