using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Bytes that say nothing: they cost a channel or a link, make an event, and lose nothing.</summary>
public sealed class MalformedWireTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Theory]
    [InlineData("unsorted")]
    [InlineData("duplicate")]
    [InlineData("previous")]
    [InlineData("seventeen")]
    public void A_parent_set_that_is_no_parent_set_costs_the_channel(string how)
    {
        // Two parents behind device, count, seq and previous; then flags, HLC, depth.
        EntryId[] known = [.. Mallory.Tips, Mallory.Epoch, Mallory.HeaderOf(Mallory.Epoch).Previous!.Value];
        var draft = Mallory.Draft(EntryKind.Message, [.. known.Where(p => p != Mallory.Head).Distinct().Take(2)]);
        draft.Parents.Count.ShouldBe(2);
        var bytes = HostilePeer.Segments(Mallory.Sign(Mallory.Write(draft, new MessageBody { Text = "parents" })));
        var at = bytes.AsSpan().IndexOf(draft.Parents[0].ToArray());
        byte[] first = draft.Parents[0].ToArray();
        byte[] second = draft.Parents[1].ToArray();
        byte[][] set = how switch
        {
            "unsorted" => [second, first],
            "duplicate" => [first, first],
            "previous" => [.. new[] { first, draft.Previous!.Value.ToArray() }.OrderBy(Convert.ToHexString, StringComparer.Ordinal)],
            _ => [.. Enumerable.Range(0, 17).Select(i => first[..31].Append((byte)i).ToArray())],
        };
        ShouldCostTheChannel("malformed-segments", [.. bytes[..(at - 1)], (byte)set.Length, .. set.SelectMany(p => p), .. bytes[(at + 64)..]]);
    }

    [Fact]
    public void A_header_of_an_unknown_version_costs_the_channel()
    {
        var entry = Mallory.Write(Mallory.Draft() with { Suite = 9 }, new MessageBody { Text = "verbatim" });
        var bytes = HostilePeer.Segments(Mallory.Sign(entry));
        var at = bytes.AsSpan().IndexOf(entry.HeaderBytes.Span);
        bytes[at + 1].ShouldBe((byte)1);
        bytes[at + 1] = 2;
        ShouldCostTheChannel("malformed-segments", bytes);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_segments_costs_at_most_the_channel_and_shows_nothing()
    {
        var head = Mallory.Head;
        var bytes = HostilePeer.Segments(Mallory.Sign(Mallory.Say("one"), Mallory.Say("two")));
        Mallory.Head = head;
        for (var bit = 0; bit < bytes.Length * 8; bit += 5)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var peer = Mallory.Link(_scene.Alice);
            peer.Send(HostilePeer.SegmentsType, flipped);
            peer.IsShutOut.ShouldBeTrue($"bit {bit}");
            peer.IsLinked.ShouldBeTrue($"bit {bit}");
            peer.Unlink();
            _scene.Alice.Texts(_scene.Group).ShouldBe(_scene.Before);
        }

        // The ids were not condemned with the deliveries.
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Say("one"), Mallory.Say("two")));
        _scene.Alice.Events.OfType<PeerMisbehaved>().Select(e => e.Reason).Distinct().Order().ShouldBe(["bad-signature", "malformed-segments"]);
        _scene.ShouldGoOn("one", "two");
    }

    [Fact]
    public void A_run_that_someone_else_signed_costs_the_channel_and_not_the_ids()
    {
        var entry = Mallory.Say("forged first");
        var forged = new SignedRun(
            Mallory.Secrets.Device, [entry], EntrySignature.Sign(LoopbackNode.Cryptography, _scene.Bob.Secrets.DeviceSecretKey.Span, entry.Id));
        ShouldCostTheChannel("bad-signature", HostilePeer.Segments(forged), goOn: false);
        Mallory.Give(_scene.Alice, Mallory.Sign(entry));
        _scene.ShouldGoOn("forged first");
    }

    [Fact]
    public void Several_bad_runs_in_one_message_cost_the_channel_once()
    {
        var forged = Enumerable.Range(0, 3)
            .Select(i => Mallory.Sign(Mallory.Say($"{i}")) with { Signature = new byte[64] }).ToArray();
        ShouldCostTheChannel("bad-signature", HostilePeer.Segments(forged));
    }

    [Fact]
    public void A_bad_signature_that_is_found_after_the_link_has_gone_harms_nobody()
    {
        var peer = Mallory.Link(_scene.Alice);
        _scene.Alice.HoldChecks = true;
        peer.Send(Mallory.Sign(Mallory.Say("forged")) with { Signature = new byte[64] });
        peer.Unlink();
        _scene.Alice.ReleaseChecks();
        _scene.World.Run();
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_good_run_that_is_checked_after_the_link_has_gone_is_kept()
    {
        var peer = Mallory.Link(_scene.Alice);
        _scene.Alice.HoldChecks = true;
        peer.Send(Mallory.Sign(Mallory.Say("late check")));
        peer.Unlink();
        _scene.Alice.ReleaseChecks();
        _scene.World.Run();
        _scene.ShouldGoOn("late check");
    }

    [Theory]
    [InlineData(HostilePeer.SummaryType)]
    [InlineData(HostilePeer.FrontierType)]
    [InlineData(HostilePeer.PullType)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_message_that_cannot_be_parsed_costs_the_channel(int type)
    {
        var peer = Mallory.Link(_scene.Alice);
        peer.Send(type, [0xff, 0xff, 0xff]);
        peer.IsShutOut.ShouldBeTrue();
        peer.IsLinked.ShouldBeTrue();
        _scene.Alice.Events.OfType<PeerMisbehaved>().ShouldHaveSingleItem().Reason.ShouldBe("malformed-message");
        peer.Unlink();
        _scene.ShouldGoOn();
    }

    [Fact]
    public void An_unknown_message_is_ignored()
    {
        var peer = Mallory.Link(_scene.Alice);
        peer.Send(77, [1, 2, 3]);
        peer.Send(Mallory.Sign(Mallory.Say("still here")));
        peer.IsShutOut.ShouldBeFalse();
        peer.Unlink();
        _scene.ShouldGoOn("still here");
    }

    [Fact]
    public void A_flipped_bit_in_a_frame_costs_the_link_and_nothing_is_lost_after_linking_again()
    {
        var sent = 0;
        _scene.Bob.Wire = bytes =>
        {
            if (++sent == 3)
            {
                bytes[^1] ^= 1;
            }

            return bytes;
        };
        for (var i = 0; i < 5; i++)
        {
            _scene.Bob.Send(_scene.Group, $"message {i}");
        }

        _scene.World.Pass(TimeSpan.FromSeconds(2));
        _scene.Bob.IsLinked.ShouldBeFalse();
        _scene.Alice.Events.OfType<PeerMisbehaved>().ShouldHaveSingleItem().Reason.ShouldBe("link");
        _scene.Alice.Counts["hinet.peer.misbehaved"].ShouldBe(1);

        _scene.World.Link(_scene.Bob, _scene.Alice);
        _scene.ShouldGoOn([.. Enumerable.Range(0, 5).Select(i => $"message {i}")]);
    }

    [Fact]
    public void Frames_that_are_no_frames_cost_the_link()
    {
        var peer = Mallory.Link(_scene.Alice);
        peer.SendRaw([0xff, 0xff, 0xff, 1, 2, 3]);
        peer.IsLinked.ShouldBeFalse();
        _scene.Alice.Events.OfType<PeerMisbehaved>().ShouldHaveSingleItem().Reason.ShouldBe("link");
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_frontier_of_devices_that_are_not_there_costs_a_question_now_and_then()
    {
        var peer = Mallory.Link(_scene.Alice);
        var heads = Enumerable.Range(0, 1000).Select(i => new FrontierHead(
            new DeviceId(Support.Generators.Drawn(i)), ulong.MaxValue - (ulong)i, new EntryId(Support.Generators.Drawn(-i - 1))));
        peer.Send(HostilePeer.FrontierType, Frontier.From(heads).Encode());
        for (var i = 0; i < 150; i++)
        {
            _scene.World.Pass(TimeSpan.FromSeconds(4));
            peer.KeepAlive();
        }

        peer.Received.Count(r => r.Type == HostilePeer.PullType).ShouldBe(1);
        peer.Received.Count.ShouldBeLessThan(60);
        peer.IsShutOut.ShouldBeFalse();
        peer.Unlink();
        _scene.ShouldGoOn();
    }

    private void ShouldCostTheChannel(string reason, byte[] segments, bool goOn = true)
    {
        var peer = Mallory.Link(_scene.Alice);
        peer.Send(HostilePeer.SegmentsType, segments);
        peer.IsShutOut.ShouldBeTrue();
        peer.IsLinked.ShouldBeTrue();
        var misbehaved = _scene.Alice.Events.OfType<PeerMisbehaved>().ShouldHaveSingleItem();
        misbehaved.Reason.ShouldBe(reason);
        misbehaved.Node.ShouldNotBeNull();
        misbehaved.Detail.ShouldNotBeEmpty();
        _scene.Alice.Counts["hinet.peer.misbehaved"].ShouldBe(1);
        peer.Unlink();
        if (goOn)
        {
            _scene.ShouldGoOn();
        }
    }
}
