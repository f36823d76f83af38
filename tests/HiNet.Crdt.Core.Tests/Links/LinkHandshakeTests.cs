using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class LinkHandshakeTests
{
    [Fact]
    public void Both_ends_learn_each_others_key_and_one_hash()
    {
        var pair = LinkPair.Established();
        var initiator = pair.Initiator.Only<LinkEffect.LinkEstablished>();
        var responder = pair.Responder.Only<LinkEffect.LinkEstablished>();
        initiator.Remote.ShouldBe(pair.Responder.Keys.Id);
        responder.Remote.ShouldBe(pair.Initiator.Keys.Id);
        initiator.HandshakeHash.Length.ShouldBe(64);
        initiator.HandshakeHash.ToArray().ShouldBe(responder.HandshakeHash.ToArray());
        pair.Initiator.Machine.IsEstablished.ShouldBeTrue();
        pair.Responder.Machine.Remote.ShouldBe(pair.Initiator.Keys.Id);
    }

    [Fact]
    public void The_machines_frames_are_the_vectors()
    {
        var vector = LinkVectors.Root.GetProperty("handshake");
        var initiator = new LinkEnd(true, 1, cryptography: new FixedSecrets(vector.Hex("initiatorEphemeralSeed")));
        var responder = new LinkEnd(false, 2, cryptography: new FixedSecrets(vector.Hex("responderEphemeralSeed")));
        initiator.Start();
        var first = initiator.TakeOutput();
        first.ShouldBe(RawPeer.Frame(vector.Hex("first")));
        responder.Receive(first);
        var second = responder.TakeOutput();
        second.ShouldBe(RawPeer.Frame(vector.Hex("second")));
        initiator.Receive(second);
        var third = initiator.TakeOutput();
        third[..67].ShouldBe(RawPeer.Frame(vector.Hex("third")));
        third[67..70].ShouldBe(new byte[] { 56, 0, 0 });
        third[70..102].ShouldBe(LinkVectors.Root.GetProperty("streamIdentity").Hex("initiator"));
        third.Length.ShouldBe(126);
        responder.Receive(third);
        responder.TakeOutput()[3..35].ShouldBe(LinkVectors.Root.GetProperty("streamIdentity").Hex("responder"));
    }

    [Fact]
    public void A_handshake_that_stalls_closes_at_the_deadline_in_every_phase()
    {
        for (var phase = 0; phase < 4; phase++)
        {
            var pair = new LinkPair();
            pair.Initiator.Start();
            var stalled = phase % 2 == 0 ? pair.Initiator : pair.Responder;
            for (var step = 0; step < phase; step++)
            {
                var (from, to) = step % 2 == 0 ? (pair.Initiator, pair.Responder) : (pair.Responder, pair.Initiator);
                to.Receive(from.TakeOutput());
            }

            var deadline = new Instant(1_000_000) + TimeSpan.FromSeconds(10);
            stalled.Machine.Deadline.ShouldBe(phase < 3 ? deadline : new Instant(15_000_000));
            pair.Initiator.Machine.HandleDeadline(deadline, pair.Initiator);
            pair.Initiator.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeTimeout);
            pair.Initiator.Machine.Deadline.ShouldBe(Instant.Never);
        }
    }

    [Fact]
    public void A_deadline_that_is_not_due_does_nothing()
    {
        var end = new LinkEnd(true, 1);
        end.Start();
        end.Machine.HandleDeadline(end.Now, end);
        end.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_link_to_oneself_is_closed_with_its_own_reason_at_both_ends()
    {
        var initiator = new LinkEnd(true, 1);
        var responder = new LinkEnd(false, 1);
        initiator.Start();
        responder.Receive(initiator.TakeOutput());
        initiator.Receive(responder.TakeOutput());
        initiator.Closed!.Reason.ShouldBe(LinkCloseReason.SelfLink);
        initiator.TakeOutput().ShouldBeEmpty();
        initiator.Effects.OfType<LinkEffect.LinkEstablished>().ShouldBeEmpty();
    }

    [Fact]
    public void Another_node_than_the_expected_one_is_refused_before_it_learns_who_dialled()
    {
        var stranger = new LinkEnd(true, 9).Keys.Id;
        var pair = LinkPair.Established(initiator: new LinkOptions { ExpectedRemote = stranger });
        pair.Initiator.Closed!.Reason.ShouldBe(LinkCloseReason.UnexpectedRemote);
        pair.Responder.Effects.ShouldBeEmpty();
        var expected = LinkPair.Established(initiator: new LinkOptions { ExpectedRemote = pair.Responder.Keys.Id });
        expected.Initiator.Machine.IsEstablished.ShouldBeTrue();
    }

    [Fact]
    public void Two_initiators_on_one_stream_close()
    {
        var a = new LinkEnd(true, 1);
        var b = new LinkEnd(true, 2);
        a.Start();
        b.Start();
        a.Receive(b.TakeOutput());
        a.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeFailed);
    }

    [Fact]
    public void A_handshake_frame_of_another_length_is_refused_before_its_body()
    {
        foreach (var length in new[] { 0, 31, 33, 96, 65535, 16777215 })
        {
            var end = new LinkEnd(false, 2);
            end.Receive([(byte)length, (byte)(length >> 8), (byte)(length >> 16)]);
            end.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeFailed);
        }
    }

    [Fact]
    public void A_remote_that_speaks_before_the_dialling_end_has_started_is_refused()
    {
        var end = new LinkEnd(true, 1);
        end.Receive([96, 0, 0]);
        end.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeFailed);
        end.Closed!.Detail.ShouldContain("before this end, which initiates, had started");
    }

    [Fact]
    public void A_first_frame_whose_key_is_no_point_fails_the_handshake_at_once()
    {
        var end = new LinkEnd(false, 2);
        end.Receive(RawPeer.Frame(new byte[32]));
        end.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeFailed);
        end.Closed!.Detail.ShouldBe("the first handshake frame holds no usable key");
        end.TakeOutput().ShouldBeEmpty();
    }

    // The sealed key and its tag, and the tag of the empty payload.
    [Theory]
    [InlineData(3 + 32)]
    [InlineData(3 + 32 + 47)]
    [InlineData(3 + 32 + 48)]
    [InlineData(3 + 95)]
    public void A_second_frame_that_was_changed_fails_the_handshake_at_once(int position)
    {
        var pair = new LinkPair();
        pair.Initiator.Start();
        pair.Responder.Receive(pair.Initiator.TakeOutput());
        var second = pair.Responder.TakeOutput();
        second[position] ^= 1;
        pair.Initiator.Receive(second);
        pair.Initiator.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeFailed);
        pair.Initiator.Closed!.Detail.ShouldBe("the second handshake frame does not authenticate");
        pair.Initiator.TakeOutput().ShouldBeEmpty();
        pair.Initiator.Effects.OfType<LinkEffect.LinkEstablished>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(3 + 47)]
    [InlineData(3 + 48)]
    [InlineData(3 + 63)]
    public void A_third_frame_that_was_changed_fails_the_handshake_at_once(int position)
    {
        var pair = new LinkPair();
        pair.Initiator.Start();
        pair.Responder.Receive(pair.Initiator.TakeOutput());
        pair.Initiator.Receive(pair.Responder.TakeOutput());
        var third = pair.Initiator.TakeOutput();
        third[position] ^= 1;
        pair.Responder.Receive(third);
        pair.Responder.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeFailed);
        pair.Responder.Closed!.Detail.ShouldBe("the third handshake frame does not authenticate");
        pair.Responder.TakeOutput().ShouldBeEmpty();
        pair.Responder.Effects.OfType<LinkEffect.LinkEstablished>().ShouldBeEmpty();
    }

    [Fact]
    public void The_end_that_was_dialled_refuses_an_unexpected_node_too()
    {
        var stranger = new LinkEnd(true, 9).Keys.Id;
        var pair = LinkPair.Established(responder: new LinkOptions { ExpectedRemote = stranger });
        pair.Responder.Closed!.Reason.ShouldBe(LinkCloseReason.UnexpectedRemote);
        pair.Responder.Effects.OfType<LinkEffect.LinkEstablished>().ShouldBeEmpty();
    }

    [Fact]
    public void A_secret_stream_reflected_to_its_sender_is_refused()
    {
        var pair = new LinkPair();
        pair.Initiator.Start();
        pair.Responder.Receive(pair.Initiator.TakeOutput());
        pair.Initiator.Receive(pair.Responder.TakeOutput());
        var third = pair.Initiator.TakeOutput();
        pair.Initiator.Receive(third.AsSpan(67));
        pair.Initiator.Closed!.Reason.ShouldBe(LinkCloseReason.StreamIdentityMismatch);
    }

    [Fact]
    public void The_end_of_the_stream_closes_the_link_once()
    {
        var pair = LinkPair.Established();
        pair.Initiator.Machine.EndStream(pair.Initiator);
        pair.Initiator.Machine.EndStream(pair.Initiator);
        pair.Initiator.Closed!.Reason.ShouldBe(LinkCloseReason.StreamEnded);
        pair.Initiator.Receive([1, 2, 3]);
        pair.Initiator.Machine.Close(LinkCloseReason.Requested, "", pair.Initiator.Now, pair.Initiator);
        pair.Initiator.Closed.ShouldNotBeNull();
        pair.Initiator.Open("late", []).State.ShouldBe(LinkChannelState.Closed);
    }
}
