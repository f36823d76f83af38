using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>What a node answers, to whom, and how much of it.</summary>
public sealed class DhtNodeAnsweringTests
{
    private static readonly Bytes32 s_target = TestKeys.Named("target");

    private readonly LoneNode _node = new();

    [Fact]
    public void All_that_comes_in_is_counted_and_what_is_malformed_by_what_is_wrong_with_it()
    {
        var other = _node.Other(isSilent: true);
        var good = ((DhtInput.DatagramReceived)_node.Query(other, DatagramKind.Ping, new DhtQuery())).Bytes.ToArray();
        Receive(good[..57]);
        Receive([2, .. good[1..]]);
        Receive([1, 9, .. good[2..]]);
        Receive([.. good, 0xFF]);
        Receive(good);
        _node.Counted(DhtInstruments.Received).ShouldBe(5);
        _node.Counted(DhtInstruments.RefusedSize).ShouldBe(1);
        _node.Counted(DhtInstruments.RefusedVersion).ShouldBe(1);
        _node.Counted(DhtInstruments.RefusedKind).ShouldBe(1);
        _node.Counted(DhtInstruments.RefusedPayload).ShouldBe(1);
        _node.Counted(DhtInstruments.Answered).ShouldBe(1);

        void Receive(byte[] bytes) => _node.Handle(new DhtInput.DatagramReceived(other.Endpoint, bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_asks_is_told_where_it_was_seen_until_it_has_proved_that(bool isAuthentic)
    {
        var other = _node.Other();
        var answer = _node.Ask(other, DatagramKind.Ping, new DhtQuery(), isAuthentic).ShouldNotBeNull();
        Endpoint.TryRead(answer.Observed.Span, out var observed).ShouldBeTrue();
        observed.ShouldBe(other.Endpoint);
        var proven = _node.Ask(other, DatagramKind.Ping, new DhtQuery { Token = answer.Token }, isAuthentic).ShouldNotBeNull();
        proven.Observed.Length.ShouldBe(0);
        proven.Token.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1, 4, 0, true)]
    [InlineData(53, 8, 0, true)]
    [InlineData(54, 9, 0, true)]
    [InlineData(25, 5, 73, false)]
    [InlineData(26, 5, 76, true)]
    public void All_that_is_sent_for_a_query_without_a_token_is_three_times_its_length(int padding, int contacts, int left, bool isFull)
    {
        // An answer without contacts has 84 bytes, a contact has 40, and the ping to who asks has 76 at most. -1 is no padding at all.
        for (var i = 0; i < (left > 0 ? contacts : 12); i++)
        {
            _node.Known();
        }

        var asker = _node.Other(isSilent: true);
        var query = new DhtQuery { Target = CanonicalProtobuf.Field(s_target) };
        if (padding >= 0)
        {
            query.Padding = ByteString.CopyFrom(new byte[padding]);
        }

        _node.Ask(asker, DatagramKind.FindNode, query)!.Contacts.Count.ShouldBe(contacts);
        var length = Datagram.HeaderSize + query.CalculateSize();
        var answer = _node.Sent[0].Size;
        answer.ShouldBe(84 + (40 * contacts));
        _node.Counted(DhtInstruments.Cut).ShouldBe(left > 0 ? 0 : 1);
        if (left > 0)
        {
            ((3 * length) - answer).ShouldBe(left);
            _node.Sent.Count.ShouldBe(isFull ? 2 : 1, "who asks is pinged if the longest ping would fit");
        }
        else
        {
            ((3 * length) - answer).ShouldBeInRange(0, 39);
            _node.Sent.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void A_contact_that_asks_was_heard_of_if_key_and_address_are_proved()
    {
        var other = _node.Known();
        var token = _node.TokenOf(other);
        var entry = _node.Machine.Table.Entry(other.Peer.Id)!;
        var since = entry.LastSeen;
        _node.Run(TimeSpan.FromSeconds(1));
        _node.Ask(other, DatagramKind.Ping);
        _node.Ask(other, DatagramKind.Ping, new DhtQuery { Token = token }, isAuthentic: false);
        entry.LastSeen.ShouldBe(since);
        _node.Ask(other, DatagramKind.Ping, new DhtQuery { Token = token });
        entry.LastSeen.ShouldBe(_node.Now);
        _node.Queries.ShouldBeEmpty("it is known already");
    }

    [Fact]
    public void Who_asks_and_is_not_known_is_pinged_also_when_it_has_proved_its_address()
    {
        var other = _node.Other(isSilent: true);
        var token = _node.TokenOf(other);
        _node.Asked(other).ShouldBe([0]);
        _node.Run(TimeSpan.FromSeconds(2));
        _node.Ask(other, DatagramKind.Ping, new DhtQuery { Token = token });
        _node.Asked(other).ShouldBe([0, 2]);
    }

    [Fact]
    public void Who_would_find_no_place_in_the_table_is_not_pinged()
    {
        var other = _node.Known();
        _node.Ask(_node.Other(other.Endpoint with { Port = 9 }), DatagramKind.Ping).ShouldNotBeNull();
        _node.Queries.ShouldBeEmpty("its address has a contact");
    }

    [Fact]
    public void The_20_nearest_that_answer_are_told_and_the_asker_is_none_of_them()
    {
        var target = new DhtId(s_target);
        List<PlayedNode> others = [.. Enumerable.Range(0, 26).Select(_ => _node.Known())];
        others = [.. others.OrderBy(other => other.Peer.Id, Comparer<DhtId>.Create(target.CompareDistances))];
        _node.Machine.Table.Failed(others[4].Peer, _node.Now);
        Told(others[3]).ShouldBe([.. others[..3], .. others[5..22]]);
        Told(_node.Other()).ShouldBe([.. others[..4], .. others[5..21]]);
    }

    [Fact]
    public void An_address_that_reaches_less_far_than_the_one_who_asks_is_not_told()
    {
        var target = new DhtId(s_target);
        List<PlayedNode> others = [.. Enumerable.Range(0, 26).Select(_ => _node.Known())];
        others = [.. others.OrderBy(other => other.Peer.Id, Comparer<DhtId>.Create(target.CompareDistances))];
        var near = _node.Known(target, Endpoint.Parse("192.168.3.4:5"));
        Told(others[0]).ShouldBe(others[1..20], "two of the 21 nearest are passed over");
        Told(_node.Other(Endpoint.Parse("10.0.0.7:5"))).ShouldBe([near, .. others[..19]]);
    }

    [Fact]
    public void No_more_contacts_are_told_than_a_bucket_has()
    {
        var node = new LoneNode(new DhtOptions { BucketSize = 3 });
        for (var i = 0; i < 3; i++)
        {
            node.Known(node.IdIn(i, "one"));
            node.Known(node.IdIn(i, "two"));
        }

        var query = new DhtQuery { Target = CanonicalProtobuf.Field(s_target), Padding = ByteString.CopyFrom(new byte[400]) };
        node.Ask(node.Other(), DatagramKind.FindNode, query)!.Contacts.Count.ShouldBe(3);
    }

    [Fact]
    public void Slots_that_fit_to_the_byte_are_given_and_one_that_does_not_is_left_for_the_next_page()
    {
        // What is left of a datagram is 1,232 bytes less 58 and four for how many follow.
        var other = _node.Other();
        var token = _node.TokenOf(other);
        HoldSized("exact", 1_170);
        Get("exact", token).Slots.Count.ShouldBe(2);
        Get("exact", token).Held.ShouldBe(0U);
        HoldSized("over", 1_171);
        Get("over", token).Slots.Count.ShouldBe(1);
        Get("over", token).Held.ShouldBe(1U);
        _node.Counted(DhtInstruments.Cut).ShouldBe(0);
        _node.Counted(DhtInstruments.RefusedToken).ShouldBe(0);

        DhtAnswer Get(string target, ByteString proof) =>
            _node.Ask(other, DatagramKind.Get, new DhtQuery { Target = CanonicalProtobuf.Field(TestKeys.Named(target)), Token = proof }).ShouldNotBeNull();
    }

    [Fact]
    public void Slots_behind_one_that_does_not_fit_are_left_for_the_next_page_too()
    {
        var other = _node.Other();
        var token = _node.TokenOf(other);
        var writers = Enumerable.Range(0, 3).Select(i => TestKeys.Named($"writer {i}")).Order().ToList();
        Hold(Slot(s_target, writers[0], 600), Slot(s_target, writers[1], 600), Slot(s_target, writers[2], 10));
        var query = new DhtQuery { Target = CanonicalProtobuf.Field(s_target), Token = token };
        var first = _node.Ask(other, DatagramKind.Get, query)!;
        first.Slots.Select(slot => new Bytes32(slot.Writer.Span)).ShouldBe(writers[..1]);
        first.Held.ShouldBe(2U);
        query.After = first.Slots[0].Writer;
        var second = _node.Ask(other, DatagramKind.Get, query)!;
        second.Slots.Select(slot => new Bytes32(slot.Writer.Span)).ShouldBe(writers[1..]);
        second.Held.ShouldBe(0U);
    }

    [Fact]
    public void A_get_that_gives_nothing_of_what_there_is_is_counted_and_so_is_a_token_that_is_not_good()
    {
        var other = _node.Other();
        var nothing = new DhtQuery { Target = CanonicalProtobuf.Field(TestKeys.Named("nothing")) };
        _node.Ask(other, DatagramKind.Get, nothing)!.Held.ShouldBe(0U);
        _node.Counted(DhtInstruments.Cut).ShouldBe(0);
        Hold(Slot(s_target, TestKeys.Named("writer"), 600));
        var query = new DhtQuery { Target = CanonicalProtobuf.Field(s_target) };
        var answer = _node.Ask(other, DatagramKind.Get, query)!;
        (answer.Slots.Count, answer.Held).ShouldBe((0, 1U), "there is no room in three times its length");
        _node.Counted(DhtInstruments.Cut).ShouldBe(1);
        _node.Counted(DhtInstruments.RefusedToken).ShouldBe(0);
        query.Token = ByteString.CopyFrom(new byte[TokenIssuer.Size]);
        _node.Ask(other, DatagramKind.Get, query)!.Held.ShouldBe(1U);
        _node.Counted(DhtInstruments.Cut).ShouldBe(2);
        _node.Counted(DhtInstruments.RefusedToken).ShouldBe(1);
        query.Token = answer.Token;
        _node.Ask(other, DatagramKind.Get, query)!.Slots.Count.ShouldBe(1);
        _node.Counted(DhtInstruments.Cut).ShouldBe(2);
        _node.Counted(DhtInstruments.RefusedToken).ShouldBe(1);
    }

    [Fact]
    public void So_many_puts_are_checked_at_once_and_then_the_node_is_busy()
    {
        var node = new LoneNode { ChecksSignatures = false };
        var other = node.Other(Endpoint.Parse("127.0.0.1:5"));
        var token = node.TokenOf(other);
        for (var i = 0; i < 1_024; i++)
        {
            Put(node, other, token, Slot(s_target, TestKeys.Named("writer"), 10, (ulong)i)).ShouldBeNull("its signature is being checked");
        }

        node.Checks.Count.ShouldBe(1_024);
        Put(node, other, token, Slot(s_target, TestKeys.Named("writer"), 10, 5_000)).ShouldBe(PutOutcome.Busy);
        node.Counted(DhtInstruments.RefusedSlot).ShouldBe(1);
        node.Handle(new DhtInput.Verified(node.Checks[0].Token, true));
        Put(node, other, token, Slot(s_target, TestKeys.Named("writer"), 10, 5_000)).ShouldBeNull();
    }

    [Fact]
    public void A_put_needs_an_authenticator_beside_its_token()
    {
        var other = _node.Other();
        var query = new DhtQuery { Slot = Slot(s_target, TestKeys.Named("w"), 10).ToMessage(), Token = _node.TokenOf(other) };
        ((PutOutcome)_node.Ask(other, DatagramKind.Put, query, isAuthentic: false)!.Outcome).ShouldBe(PutOutcome.TokenRefused);
        _node.Counted(DhtInstruments.RefusedToken).ShouldBe(1);
        _node.Checks.ShouldBeEmpty();
        ((PutOutcome)_node.Ask(other, DatagramKind.Put, query)!.Outcome).ShouldBe(PutOutcome.Stored);
    }

    [Fact]
    public void What_became_of_a_slot_is_answered_and_counted()
    {
        var node = new LoneNode(new DhtOptions { MaxSlots = 1 }) { ChecksSignatures = false };
        var other = node.Other();
        var token = node.TokenOf(other);
        Put(node, other, token, Slot(s_target, TestKeys.Named("w"), 10, expires: 0)).ShouldBe(PutOutcome.ExpiryRefused);
        node.Counted(DhtInstruments.RefusedSlot).ShouldBe(1);
        node.Checks.ShouldBeEmpty();

        Put(node, other, token, Slot(s_target, TestKeys.Named("w"), 10));
        Settle(isValid: false).ShouldBe(PutOutcome.SignatureRefused);
        node.Counted(DhtInstruments.RefusedSlot).ShouldBe(2);
        node.Machine.Slots.Count.ShouldBe(0);

        Put(node, other, token, Slot(s_target, TestKeys.Named("w"), 10));
        Settle(isValid: true).ShouldBe(PutOutcome.Stored);
        Put(node, other, token, Slot(s_target, TestKeys.Named("w"), 10)).ShouldBe(PutOutcome.Unchanged);
        node.Counted(DhtInstruments.RefusedSlot).ShouldBe(2);
        node.Counted(DhtInstruments.Stored).ShouldBe(1);
        node.Counted(DhtInstruments.Evicted).ShouldBe(0);

        Put(node, other, token, Slot(s_target, TestKeys.Named("v"), 10, expires: 200));
        Settle(isValid: true).ShouldBe(PutOutcome.Stored);
        node.Counted(DhtInstruments.Stored).ShouldBe(2);
        node.Counted(DhtInstruments.Evicted).ShouldBe(1);

        PutOutcome Settle(bool isValid)
        {
            var before = node.Sent.Count;
            node.Handle(new DhtInput.Verified(node.Checks[^1].Token, isValid));
            var sent = node.Sent.Skip(before).Single();
            (sent.To, sent.Kind, sent.Transaction).ShouldBe((other.Endpoint, DatagramKind.PutAnswer, 77UL));
            return (PutOutcome)sent.Answer!.Outcome;
        }
    }

    [Fact]
    public void A_put_is_answered_even_if_a_flood_of_keys_came_while_it_was_checked()
    {
        var node = new LoneNode(new DhtOptions { AgreementsPerSecond = 260 }) { ChecksSignatures = false };
        var other = node.Other(Endpoint.Parse("127.0.0.1:5"), isSilent: true);
        Put(node, other, node.TokenOf(other), Slot(s_target, TestKeys.Named("w"), 10)).ShouldBeNull();
        Flood(node, 520);
        node.Counted(DhtInstruments.RefusedAgreement).ShouldBe(1);
        node.Handle(new DhtInput.Verified(node.Checks.Single().Token, true));
        node.Sent[^1].Kind.ShouldBe(DatagramKind.PutAnswer);
    }

    [Fact]
    public void Who_has_answered_us_is_heard_in_a_flood_of_keys()
    {
        var node = new LoneNode(new DhtOptions { AgreementsPerSecond = 260 });
        var other = node.Other(Endpoint.Parse("127.0.0.1:5"));
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(other.Endpoint)).Contact.ShouldBe(other.Contact);
        Flood(node, 521);
        node.Counted(DhtInstruments.RefusedAgreement).ShouldBeGreaterThan(0);
        node.Ask(other, DatagramKind.Ping).ShouldNotBeNull();
    }

    [Fact]
    public void Whom_we_ask_is_not_bounded_by_what_others_may_cost_us()
    {
        var node = new LoneNode(new DhtOptions { AgreementsPerSecond = 1 });
        List<PlayedNode> others = [.. Enumerable.Range(0, 10).Select(_ => node.Other())];
        node.Remember(others);
        others.ShouldAllBe(other => node.Asked(other).Count == 1);
    }

    // Under keys that nobody has seen before; those behind them do not answer.
    private static void Flood(LoneNode node, int keys)
    {
        for (var i = 0; i < keys; i++)
        {
            var key = TestKeys.Signing($"flood {i}").Public;
            node.Handle(new DhtInput.DatagramReceived(
                Endpoint.FromIPv4(0x7F01_0000 + (uint)i, 5), Datagram.Write(TestKeys.Sodium, DatagramKind.Ping, 1, key, [], [])));
        }
    }

    private List<PlayedNode> Told(PlayedNode asker)
    {
        var query = new DhtQuery { Target = CanonicalProtobuf.Field(s_target), Padding = ByteString.CopyFrom(new byte[400]) };
        return [.. _node.Ask(asker, DatagramKind.FindNode, query)!.Contacts.Select(encoded =>
        {
            DhtContact.TryDecode(encoded.Span, out var contact).ShouldBeTrue();
            return _node.Others[contact.Endpoint];
        })];
    }

    private void HoldSized(string target, int size)
    {
        // The first takes 600 bytes with tag and length, the second what is left.
        foreach (var (writer, all) in new[] { ("first", 600), ("second", size - 600) })
        {
            var slot = Slot(TestKeys.Named(target), TestKeys.Named(writer), 300);
            var missing = all - DatagramPayload.FieldSize(slot.ToMessage().CalculateSize());
            slot = Slot(TestKeys.Named(target), TestKeys.Named(writer), 300 + missing);
            DatagramPayload.FieldSize(slot.ToMessage().CalculateSize()).ShouldBe(all);
            Hold(slot);
        }
    }

    private void Hold(params DhtSlot[] slots)
    {
        foreach (var slot in slots)
        {
            _node.Machine.Slots.Put(slot, Endpoint.Parse("8.8.8.8:1"), _node.UnixSeconds, out _).ShouldBe(PutOutcome.Stored);
        }
    }

    private static DhtSlot Slot(Bytes32 target, Bytes32 writer, int size, ulong sequence = 1, long expires = 100) => DhtSlot.From(
        target, writer, sequence, LoneNode.StartUnixSeconds + expires, new byte[size], new byte[DhtSlot.SignatureSize]);

    private static PutOutcome? Put(LoneNode node, PlayedNode from, ByteString token, DhtSlot slot) =>
        (PutOutcome?)node.Ask(from, DatagramKind.Put, new DhtQuery { Slot = slot.ToMessage(), Token = token })?.Outcome;
}
