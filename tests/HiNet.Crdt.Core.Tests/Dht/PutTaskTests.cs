using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class PutTaskTests
{
    private readonly ScriptedPeers _script = new(TestKeys.Named("t"), 3, new DhtOptions { BucketSize = 3 });

    [Fact]
    public void A_token_that_was_too_old_is_taken_anew_once()
    {
        _script.Know(0, 1, 2);
        var fresh = ByteString.CopyFrom(new byte[TokenIssuer.Size - 1].Append((byte)5).ToArray());
        _script.Answer = (peer, kind, query) => kind != DatagramKind.Put ? new DhtAnswer()
            : peer == 0 && query.Token == fresh ? Outcome(PutOutcome.Stored)
            : Outcome(PutOutcome.TokenRefused, peer == 2 ? ByteString.Empty : fresh);
        var put = Put();
        (put.Holders, put.Refused, put.Refusal).ShouldBe((1, 2, PutOutcome.TokenRefused));
        Enumerable.Range(0, 3).Select(peer => _script.CountOf(DatagramKind.Put, peer)).ShouldBe([2, 2, 1]);
        put.Cost.Queries.ShouldBe(3 + 5);
    }

    [Fact]
    public void The_first_refusal_is_told_and_who_refuses_for_good_is_not_asked_again()
    {
        _script.Know(0, 1, 2);
        var token = ByteString.CopyFrom(new byte[TokenIssuer.Size]);
        _script.Answer = (peer, kind, _) => kind != DatagramKind.Put ? new DhtAnswer()
            : peer == 2 ? Outcome(PutOutcome.Unchanged) : Outcome(peer == 0 ? PutOutcome.Full : PutOutcome.Busy, token);
        var put = Put();
        (put.Holders, put.Refused, put.Refusal).ShouldBe((1, 2, PutOutcome.Full));
        Enumerable.Range(0, 3).Select(peer => _script.CountOf(DatagramKind.Put, peer)).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void Who_is_silent_is_asked_once_more()
    {
        _script.Know(0, 1, 2);
        _script.Answer = (peer, kind, _) => peer == 0 && kind == DatagramKind.Put ? null : new DhtAnswer();
        var put = Put();
        (put.Holders, put.Refused, put.Refusal).ShouldBe((2, 0, null));
        Enumerable.Range(0, 3).Select(peer => _script.CountOf(DatagramKind.Put, peer)).ShouldBe([2, 1, 1]);
        put.Cost.Queries.ShouldBe(3 + 4);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void The_node_keeps_the_slot_itself_where_it_is_nearer_than_the_farthest_of_the_others(int behind, bool isHeldHere)
    {
        // Of forty peers, the nearest, and the last before or the first behind the node itself.
        var options = new DhtOptions { BucketSize = 2 };
        var script = Enumerable.Range(0, 20).Select(i => new ScriptedPeers(TestKeys.Named($"t{i}"), 40, options)).First(each => Rank(each) is > 1 and < 40);
        script.Know(0, Rank(script) + behind);
        var slot = TestSlots.At(script.Target.Value, "w", 1, script.Network.UnixSeconds + 100);
        var put = script.Network.Do<DhtResult.PutSlot>(script.Asker, new DhtOperation.Put(slot));
        (put.Holders, put.IsHeldHere).ShouldBe((2, isHeldHere));
        script.Asker.Machine.Slots.Count.ShouldBe(isHeldHere ? 1 : 0);
    }

    private static int Rank(ScriptedPeers script) => script.Peers.Count(peer => script.Target.CompareDistances(peer.Id, script.Asker.Machine.Id) < 0);

    private static DhtAnswer Outcome(PutOutcome outcome, ByteString? token = null) => new() { Outcome = (uint)outcome, Token = token ?? ByteString.Empty };

    private DhtResult.PutSlot Put() =>
        _script.Network.Do<DhtResult.PutSlot>(_script.Asker, new DhtOperation.Put(TestSlots.Of("t", "w", 1, _script.Network.UnixSeconds + 100)));
}
