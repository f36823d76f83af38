using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class LinkPropertyTests
{
    [Fact]
    public void A_flipped_bit_in_any_handshake_frame_closes_the_link()
    {
        // The third piece holds the initiator's opening too, whose header shows only at the first frame after it.
        Prop.ForAll(Gen.Choose(0, 3).ToArbitrary(), Gen.Choose(0, (126 * 8) - 1).ToArbitrary(), (step, position) =>
        {
            var pair = new LinkPair();
            pair.Initiator.Start();
            for (var i = 0; i < 4; i++)
            {
                var (from, to) = i % 2 == 0 ? (pair.Initiator, pair.Responder) : (pair.Responder, pair.Initiator);
                var bytes = from.TakeOutput();
                if (i == step && bytes.Length > 0)
                {
                    Flip(bytes, position % (bytes.Length * 8));
                }

                to.Receive(bytes);
            }

            var ends = new[] { pair.Initiator, pair.Responder };
            foreach (var end in ends.Where(e => e.Machine.IsEstablished))
            {
                end.Open("p", []);
            }

            pair.Run();
            var deadline = new Instant(1_000_000) + TimeSpan.FromSeconds(10);
            foreach (var end in ends)
            {
                end.Machine.HandleDeadline(deadline, end);
            }

            ends.Sum(e => e.Effects.OfType<LinkEffect.ChannelOpened>().Count()).ShouldBeLessThan(2);

            ends.Count(e => e.Closed is not null).ShouldBeGreaterThan(0);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_flipped_bit_in_any_frame_is_refused()
    {
        Prop.ForAll(Gen.Choose(0, 1 << 20).ToArbitrary(), Gen.Choose(0, 300).ToArbitrary(), (seed, size) =>
        {
            var pair = LinkPair.Established();
            var (mine, _) = pair.OpenChannel();
            pair.Initiator.Send(mine, 0, new string('m', size));
            var bytes = pair.Initiator.TakeOutput();
            Flip(bytes, seed % (bytes.Length * 8));

            // A longer length waits for bytes: the frames that follow fill it, and then it does not authenticate.
            pair.Responder.Receive(bytes);
            for (var i = 0; i < 200 && pair.Responder.Closed is null; i++)
            {
                pair.Initiator.Send(mine, 0, new string('f', 100_000));
                pair.Responder.Receive(pair.Initiator.TakeOutput());
            }

            pair.Responder.Messages.ShouldBeEmpty();
            pair.Responder.Closed!.Reason.ShouldBeOneOf(LinkCloseReason.FrameNotAuthentic, LinkCloseReason.InvalidFrameLength, LinkCloseReason.FrameTimeout);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_split_of_the_byte_stream_gives_the_same_messages()
    {
        Prop.ForAll<int[], int[]>((sizes, pieces) =>
        {
            var pair = LinkPair.Established();
            var (mine, _) = pair.OpenChannel();
            var expected = sizes.Select((size, i) => (i % 5, new string('s', Math.Abs(size % 9000)))).ToArray();
            for (var i = 0; i < expected.Length; i++)
            {
                if (i % 3 == 1)
                {
                    pair.Initiator.Machine.Cork();
                }

                pair.Initiator.Send(mine, expected[i].Item1, expected[i].Item2);
                if (i % 3 == 2)
                {
                    pair.Initiator.Uncork();
                }
            }

            pair.Initiator.Machine.Cork();
            pair.Initiator.Uncork();
            if (expected.Length % 3 == 2)
            {
                pair.Initiator.Uncork();
            }

            ReadOnlySpan<byte> rest = pair.Initiator.TakeOutput();
            for (var i = 0; !rest.IsEmpty; i++)
            {
                var piece = pieces.Length == 0 ? 1 : 1 + Math.Abs(pieces[i % pieces.Length] % 5000);
                piece = Math.Min(piece, rest.Length);
                pair.Responder.Receive(rest[..piece]);
                rest = rest[piece..];
            }

            pair.Responder.Messages.Select(m => (m.Type, m.Text)).ShouldBe(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_handshake_in_single_bytes_succeeds()
    {
        var pair = new LinkPair();
        pair.Initiator.Start();
        for (var i = 0; i < 4; i++)
        {
            var (from, to) = i % 2 == 0 ? (pair.Initiator, pair.Responder) : (pair.Responder, pair.Initiator);
            foreach (var value in from.TakeOutput())
            {
                to.Receive([value]);
            }
        }

        pair.OpenChannel();
    }

    [Fact]
    public void Random_bytes_on_the_stream_never_throw()
    {
        Prop.ForAll<byte[], bool>((bytes, established) =>
        {
            var end = established ? LinkPair.Established().Responder : new LinkEnd(false, 2);
            end.Receive(bytes);
            end.Receive(bytes);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Random_plaintexts_never_throw()
    {
        var small = Gen.Frequency((3, Gen.Choose(0, 4)), (1, Gen.Choose(0, 255))).Select(value => (byte)value).ArrayOf().ArrayOf().ToArbitrary();
        Prop.ForAll(small, plaintexts =>
        {
            var peer = new RawPeer(new LinkEnd(false, 2));
            peer.Remote.During = effect =>
            {
                if (effect is LinkEffect.ChannelRequested request && request.Channel.Id.Length % 2 == 0)
                {
                    peer.Remote.Accept(request.Channel);
                }
            };
            foreach (var plaintext in plaintexts)
            {
                peer.Send(plaintext);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    /// <summary>Opens and closes on both sides in any order, with bytes carried now and then: both must agree once all is carried.</summary>
    [Fact]
    public void Any_interleaving_of_opens_and_closes_ends_in_agreement()
    {
        var steps = Gen.Choose(0, 23).ArrayOf().ToArbitrary();
        Prop.ForAll(steps, script =>
        {
            var pair = LinkPair.Established();
            var ends = new[] { pair.Initiator, pair.Responder };
            var open = new[] { new Dictionary<byte, LinkChannel>(), new Dictionary<byte, LinkChannel>() };
            var inFlight = new[] { new Queue<byte[]>(), new Queue<byte[]>() };
            foreach (var step in script)
            {
                var side = step & 1;
                var id = (byte)((step >> 1) & 1);
                var current = open[side].GetValueOrDefault(id);
                switch (step >> 2)
                {
                    case 0 or 1 when current is null or { State: LinkChannelState.Closed }:
                        open[side][id] = ends[side].Open("p", [id]);
                        break;
                    case 2 when current is not null:
                        ends[side].CloseChannel(current);
                        break;
                    case 3 when current is { State: LinkChannelState.Open or LinkChannelState.Opening }:
                        ends[side].Send(current, 0, "m");
                        break;
                    default:
                        ends[1 - side].Receive(ends[side].TakeOutput());
                        break;
                }
            }

            pair.Run();
            foreach (var end in ends)
            {
                end.Closed.ShouldBeNull();
                foreach (var request in end.Effects.OfType<LinkEffect.ChannelRequested>().Where(r => r.Channel.State == LinkChannelState.Requested).ToArray())
                {
                    end.Accept(request.Channel);
                }
            }

            pair.Run();
            pair.Initiator.Machine.ChannelCount.ShouldBe(pair.Responder.Machine.ChannelCount);
            pair.Initiator.Closed.ShouldBeNull();
            pair.Responder.Closed.ShouldBeNull();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static void Flip(byte[] bytes, int bit) => bytes[bit / 8] ^= (byte)(1 << (bit % 8));
}
