using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class HostileDatagramTests
{
    private static readonly Endpoint s_stranger = Endpoint.Parse("8.8.8.8:53");

    [Fact]
    public void A_million_mutated_datagrams_cost_bounded_memory_and_no_exception()
    {
        const int Count = 1_000_000;
        var network = new TestNetwork();
        var nodes = network.Grow(12);
        var slot = TestSlots.Of("t", "w", 1, network.UnixSeconds + 3600);
        network.Do<DhtResult.PutSlot>(nodes[3], new DhtOperation.Put(slot));
        network.Do<DhtResult.FoundSlots>(nodes[5], new DhtOperation.Get(slot.Target));
        var captured = nodes.SelectMany(node => node.Sent.TakeLast(40).Select(sent => (node.Endpoint, sent.Bytes))).ToList();
        var victim = nodes[0];
        var sink = new DiscardingSink();
        var now = network.Now;
        ulong state = 1;
        var buffer = new byte[4096];
        for (var i = 0; i < Count; i++)
        {
            var (from, original) = captured[(int)(Next(ref state) % (ulong)captured.Count)];
            var length = Mutate(original.Span, buffer, ref state);
            var source = Next(ref state) % 4 == 0 ? from : Endpoint.FromIPv4((uint)Next(ref state), (ushort)Next(ref state));
            now += TimeSpan.FromMicroseconds(100);
            victim.Machine.Handle(new DhtInput.DatagramReceived(source, buffer.AsMemory(0, length)), now, sink);
            if (victim.Machine.Deadline <= now)
            {
                victim.Machine.HandleDeadline(now, sink);
            }
        }

        var number = victim.Command(new DhtOperation.Stats());
        var stats = victim.Results[number].ShouldBeOfType<DhtResult.Statistics>().Stats;
        stats.Contacts.ShouldBeLessThanOrEqualTo(11);
        stats.Slots.ShouldBeLessThanOrEqualTo(1);
        stats.Queries.ShouldBeLessThan(100);
        stats.Pairs.ShouldBeLessThanOrEqualTo(PeerSecrets.MaxStrangers + 11);
        sink.Datagrams.ShouldBeLessThan(Count);
        string[] counted =
        [
            DhtInstruments.RefusedSize, DhtInstruments.RefusedVersion, DhtInstruments.RefusedKind, DhtInstruments.RefusedPayload, DhtInstruments.RefusedMac,
            DhtInstruments.RefusedKey, DhtInstruments.RefusedUnsolicited, DhtInstruments.RefusedSource, DhtInstruments.RefusedSelf,
        ];
        counted.Except(sink.Counts.Keys).ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_to_an_unproven_address_is_at_most_three_times_the_query()
    {
        var (network, node) = Grown();
        for (var padding = 0; padding < 900; padding += 50)
        {
            foreach (var kind in new[] { DatagramKind.Ping, DatagramKind.FindNode, DatagramKind.Get })
            {
                var query = new DhtQuery { Padding = ByteString.CopyFrom(new byte[padding]) };
                if (kind != DatagramKind.Ping)
                {
                    query.Target = CanonicalProtobuf.Field(TestKeys.Named("t"));
                }

                var datagram = Datagram.Write(TestKeys.Sodium, kind, 1, Stranger().Id.Value, query.ToByteArray(), []);
                node.Sent.Clear();
                node.Handle(new DhtInput.DatagramReceived(s_stranger with { Port = (ushort)(1000 + padding) }, datagram));
                node.Sent.ShouldNotBeEmpty();
                node.Sent.Sum(sent => sent.Bytes.Length).ShouldBeLessThanOrEqualTo(3 * datagram.Length);
            }
        }

        node.Counted(DhtInstruments.Cut).ShouldBeGreaterThan(0);
        network.Now.ShouldBeGreaterThan(default);
    }

    [Fact]
    public void A_put_needs_a_token_of_its_own_address_and_key()
    {
        var (network, node) = Grown();
        using var stranger = Stranger();
        var slot = TestSlots.Of("t2", "w2", 1, network.UnixSeconds + 100);
        var token = Token(node, stranger, s_stranger);

        Put(node, stranger, s_stranger, slot, []).ShouldBe(PutOutcome.TokenRefused);
        Put(node, stranger, s_stranger, slot, new byte[TokenIssuer.Size]).ShouldBe(PutOutcome.TokenRefused);
        Put(node, stranger, s_stranger with { Port = 54 }, slot, token).ShouldBe(PutOutcome.TokenRefused);
        Put(node, NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("another").ToArray()), s_stranger, slot, token).ShouldBe(PutOutcome.TokenRefused);
        node.Counted(DhtInstruments.RefusedToken).ShouldBe(4);
        node.Machine.Slots.Held(slot.Target).ShouldBe(0);
        Put(node, stranger, s_stranger, slot, token).ShouldBeNull("its signature is being checked");
        network.Run(TimeSpan.FromMilliseconds(5));
        node.Machine.Slots.Held(slot.Target).ShouldBe(1);
    }

    [Fact]
    public void A_token_is_good_for_at_most_ten_minutes()
    {
        var issuer = new TokenIssuer(TestKeys.Sodium);
        var start = new Instant(7_000_000_000);
        var token = issuer.Issue(s_stranger, TestKeys.Named("key"), start);
        issuer.IsGood(token, s_stranger, TestKeys.Named("key"), start + TimeSpan.FromMinutes(5)).ShouldBeTrue();
        issuer.IsGood(token, s_stranger, TestKeys.Named("key"), start + TimeSpan.FromMinutes(10)).ShouldBeFalse();
        new TokenIssuer(TestKeys.Sodium).IsGood(token, s_stranger, TestKeys.Named("key"), start).ShouldBeFalse();
    }

    [Fact]
    public void A_slot_with_a_signature_that_does_not_hold_is_not_kept()
    {
        var (network, node) = Grown();
        using var stranger = Stranger();
        var good = TestSlots.Of("t3", "w3", 1, network.UnixSeconds + 100);
        var forged = DhtSlot.From(good.Target, good.Writer, 2, good.ExpiresUnixSeconds, good.Sealed, good.Signature);
        Put(node, stranger, s_stranger, forged, Token(node, stranger, s_stranger));
        network.Run(TimeSpan.FromMilliseconds(5));
        node.Machine.Slots.Held(good.Target).ShouldBe(0);
        node.Counted(DhtInstruments.RefusedSlot).ShouldBe(1);
    }

    [Fact]
    public void An_answer_under_a_forged_key_is_refused_and_the_true_one_still_counts()
    {
        var network = new TestNetwork();
        var (alice, bob, mallory) = (network.Add(1), network.Add(2), network.Add(3));
        network.Do<DhtResult.Pinged>(alice, new DhtOperation.Ping(bob.Endpoint));
        network.Run(TimeSpan.FromSeconds(3));
        alice.Sent.Clear();
        var operation = alice.Command(new DhtOperation.FindNode(TestKeys.Named("x")));
        Datagram.TryRead(alice.Sent.Single().Bytes.Span, out var query, out _).ShouldBeTrue();

        // Mallory has read the query, and answers first and from Bob's address: as Bob without Bob's key, then as itself.
        var lie = new DhtAnswer();
        lie.Contacts.Add(ByteString.CopyFrom(new DhtContact(TestKeys.Named("accomplice"), s_stranger).Encode()));
        var pairKey = new byte[32];
        PeerSecrets.TryDerive(TestKeys.Sodium, mallory.Keys, alice.Keys.Id.Value, pairKey).ShouldBeTrue();
        foreach (var claimed in new[] { bob.Keys.Id.Value, mallory.Keys.Id.Value })
        {
            alice.Handle(new DhtInput.DatagramReceived(
                bob.Endpoint, Datagram.Write(TestKeys.Sodium, DatagramKind.FindNodeAnswer, query.Transaction, claimed, lie.ToByteArray(), pairKey)));
        }

        alice.Counted(DhtInstruments.RefusedMac).ShouldBe(1);
        alice.Counted(DhtInstruments.RefusedSender).ShouldBe(1);
        network.RunUntil(() => alice.Results.ContainsKey(operation));
        ((DhtResult.FoundNodes)alice.Results[operation]).Nearest.ShouldBe([bob.Contact]);
    }

    [Fact]
    public void A_replayed_answer_and_a_reflected_query_are_counted_and_dropped()
    {
        var network = new TestNetwork();
        var (alice, bob) = (network.Add(1), network.Add(2));
        network.Do<DhtResult.Pinged>(alice, new DhtOperation.Ping(bob.Endpoint));
        var before = alice.Sent.Count;
        alice.Handle(new DhtInput.DatagramReceived(bob.Endpoint, bob.Sent[0].Bytes));
        alice.Counted(DhtInstruments.RefusedUnsolicited).ShouldBe(1);
        alice.Handle(new DhtInput.DatagramReceived(bob.Endpoint, alice.Sent[0].Bytes));
        alice.Counted(DhtInstruments.RefusedSelf).ShouldBe(1);
        alice.Sent.Count.ShouldBe(before);
    }

    [Fact]
    public void A_source_that_asks_too_much_is_not_answered()
    {
        var (_, node) = Grown();
        using var stranger = Stranger();
        var datagram = Datagram.Write(TestKeys.Sodium, DatagramKind.Ping, 1, stranger.Id.Value, [], []);
        node.Sent.Clear();
        for (var i = 0; i < 1000; i++)
        {
            node.Handle(new DhtInput.DatagramReceived(s_stranger with { Port = (ushort)(i + 1) }, datagram));
        }

        node.Counted(DhtInstruments.RefusedRate).ShouldBe(1000 - node.Machine.Options.QueryBurst);
    }

    [Fact]
    public void Invented_keys_make_no_more_agreements_than_allowed()
    {
        var network = new TestNetwork();
        var node = network.Add(1, new DhtOptions { AgreementsPerSecond = 10 });
        for (var i = 0; i < 100; i++)
        {
            var datagram = Datagram.Write(TestKeys.Sodium, DatagramKind.Ping, 1, TestKeys.Signing($"invented {i}").Public, [], []);
            node.Handle(new DhtInput.DatagramReceived(TestNetwork.EndpointOf(100 + i), datagram));
        }

        node.Counted(DhtInstruments.Answered).ShouldBe(20);
        node.Counted(DhtInstruments.RefusedAgreement).ShouldBe(80);
    }

    [Fact]
    public void Contacts_that_no_datagram_may_go_to_are_left_out()
    {
        var network = new TestNetwork();
        var (alice, mallory) = (network.Add(1), network.Add(2));
        network.Do<DhtResult.Pinged>(alice, new DhtOperation.Ping(mallory.Endpoint));
        network.Run(TimeSpan.FromSeconds(3));
        network.Remove(mallory);
        alice.Sent.Clear();
        var operation = alice.Command(new DhtOperation.FindNode(TestKeys.Named("x")));
        Datagram.TryRead(alice.Sent.Single().Bytes.Span, out var query, out _).ShouldBeTrue();
        var answer = new DhtAnswer();
        foreach (var endpoint in new[] { "1.2.3.4:0", "224.0.0.1:5", "0.0.0.0:5", "255.255.255.255:5", "127.0.0.1:5", "192.168.1.1:5", "[::1]:5", "[ff02::1]:5" })
        {
            answer.Contacts.Add(ByteString.CopyFrom(new DhtContact(TestKeys.Signing(endpoint).Public, Endpoint.Parse(endpoint)).Encode()));
        }

        answer.Contacts.Add(ByteString.CopyFrom(new byte[17]));
        var pairKey = new byte[32];
        PeerSecrets.TryDerive(TestKeys.Sodium, mallory.Keys, alice.Keys.Id.Value, pairKey);
        alice.Handle(new DhtInput.DatagramReceived(
            mallory.Endpoint, Datagram.Write(TestKeys.Sodium, DatagramKind.FindNodeAnswer, query.Transaction, mallory.Keys.Id.Value, answer.ToByteArray(), pairKey)));
        alice.Counted(DhtInstruments.RefusedContact).ShouldBe(9);
        alice.Sent.Count.ShouldBe(1);
        alice.Results.ShouldContainKey(operation);
    }

    private static (TestNetwork Network, TestNode Node) Grown()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(25);
        network.Do<DhtResult.PutSlot>(nodes[3], new DhtOperation.Put(TestSlots.Of("t", "w", 1, network.UnixSeconds + 3600)));
        return (network, nodes[0]);
    }

    private static NodeKeyPair Stranger() => NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("stranger").ToArray());

    private static byte[] PairKey(TestNode node, NodeKeyPair other)
    {
        var pairKey = new byte[32];
        PeerSecrets.TryDerive(TestKeys.Sodium, other, node.Keys.Id.Value, pairKey).ShouldBeTrue();
        return pairKey;
    }

    private static DhtAnswer? Ask(TestNode node, NodeKeyPair keys, Endpoint from, DatagramKind kind, DhtQuery query)
    {
        node.Sent.Clear();
        node.Handle(new DhtInput.DatagramReceived(from, Datagram.Write(TestKeys.Sodium, kind, 77, keys.Id.Value, query.ToByteArray(), PairKey(node, keys))));
        foreach (var (_, bytes) in node.Sent)
        {
            if (Datagram.TryRead(bytes.Span, out var datagram, out _) && datagram is { IsQuery: false, Transaction: 77 })
            {
                datagram.IsAuthentic(TestKeys.Sodium, PairKey(node, keys)).ShouldBeTrue();
                DatagramPayload.TryReadAnswer(datagram.Kind, datagram.Payload, out var answer).ShouldBeTrue();
                return answer;
            }
        }

        return null;
    }

    private static byte[] Token(TestNode node, NodeKeyPair keys, Endpoint from) => Ask(node, keys, from, DatagramKind.Ping, new DhtQuery())!.Token.ToByteArray();

    private static PutOutcome? Put(TestNode node, NodeKeyPair keys, Endpoint from, DhtSlot slot, byte[] token) =>
        (PutOutcome?)Ask(node, keys, from, DatagramKind.Put, new DhtQuery { Slot = slot.ToMessage(), Token = ByteString.CopyFrom(token) })?.Outcome;

    private static ulong Next(ref ulong state)
    {
        state = (state * 6364136223846793005) + 1442695040888963407;
        return state >> 33;
    }

    private static int Mutate(ReadOnlySpan<byte> original, byte[] buffer, ref ulong state)
    {
        original.CopyTo(buffer);
        var length = original.Length;
        switch (Next(ref state) % 8)
        {
            case 0:
                return (int)(Next(ref state) % (ulong)length);
            case 1:
                return length + (int)(Next(ref state) % 2000);
            case 2:
                buffer[0] = (byte)Next(ref state);
                return length;
            case 3:
                buffer[1] = (byte)Next(ref state);
                return length;
            case 4:
                // An authenticator of zeros gets past the authentication and tries the payload.
                buffer.AsSpan(42, Datagram.MacSize).Clear();
                break;
            case 5:
                buffer[10 + (Next(ref state) % 32)] ^= (byte)(1 << (int)(Next(ref state) % 8));
                return length;
            case 6:
                return length;
            default:
                break;
        }

        for (var flips = 1 + (Next(ref state) % 4); flips > 0; flips--)
        {
            buffer[Next(ref state) % (ulong)length] ^= (byte)(1 << (int)(Next(ref state) % 8));
        }

        return length;
    }

    private sealed class DiscardingSink : IEffectSink<DhtEffect>
    {
        public long Datagrams { get; private set; }

        public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

        public void Add(DhtEffect effect)
        {
            switch (effect)
            {
                case DhtEffect.SendDatagram:
                    Datagrams++;
                    break;
                case DhtEffect.Count count:
                    Counts[count.Instrument] = Counts.GetValueOrDefault(count.Instrument) + count.Amount;
                    break;
                default:
                    break;
            }
        }
    }
}
