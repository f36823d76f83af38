using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht.Records;

public sealed class RecordTests
{
    private const long Now = RecordScene.Now;

    private static readonly RendezvousKeys s_keys = RecordScene.Keys(RecordScene.Contacts);

    [Fact]
    public void A_contact_is_read_back_with_its_time()
    {
        var opened = RecordScene.Open(s_keys, RecordScene.Write(s_keys), Now + 60_000);
        opened.Problem.ShouldBe(RecordProblem.None);
        opened.Contact!.Encode().ShouldBe(RecordScene.Contact.Encode());
        opened.Card.ShouldBeNull();
        opened.WrittenUnixMilliseconds.ShouldBe(Now);
    }

    [Fact]
    public void A_card_is_read_back_and_looks_like_a_contact_from_outside()
    {
        var keys = RecordScene.Keys(RecordScene.Cards);
        var slot = RecordWriter.Write(TestKeys.Sodium, keys, RecordScene.PhoneKey, RecordScene.Card, Now);
        var opened = RecordScene.Open(keys, slot);
        opened.Problem.ShouldBe(RecordProblem.None);
        opened.Card!.Encode().ShouldBe(RecordScene.Card.Encode());
        opened.Contact.ShouldBeNull();
        var contact = RecordScene.Write(s_keys);
        (slot.Sealed.Length, slot.ExpiresUnixSeconds).ShouldBe((contact.Sealed.Length, contact.ExpiresUnixSeconds));
    }

    [Fact]
    public void Equal_arguments_give_equal_slots_and_another_text_another_nonce()
    {
        var slot = RecordScene.Write(s_keys);
        RecordScene.Write(s_keys).Encode().ShouldBe(slot.Encode());
        var moved = DeviceContact.Create(RecordScene.Contact.Certificate, RecordScene.Contact.Node, ["192.0.2.8:4711"]);
        var other = RecordWriter.Write(TestKeys.Sodium, s_keys, RecordScene.PhoneKey, moved, Now);
        other.Sequence.ShouldBe(slot.Sequence);
        other.Sealed[..24].ToArray().ShouldNotBe(slot.Sealed[..24].ToArray());
    }

    [Fact]
    public void Sequence_numbers_rise_with_time_and_through_restarts_standstills_and_steps_back()
    {
        var first = RecordScene.Write(s_keys);
        RecordScene.Write(s_keys, Now + 1).Sequence.ShouldBe(first.Sequence + 1);
        RecordScene.Write(s_keys, Now, first.Sequence).Sequence.ShouldBe(first.Sequence + 1);
        var after = RecordScene.Write(s_keys, Now - 5_000, first.Sequence + 10);
        after.Sequence.ShouldBe(first.Sequence + 11);
        RecordScene.Open(s_keys, after).WrittenUnixMilliseconds.ShouldBe(Now + 11);
    }

    [Fact]
    public void Every_record_has_one_of_two_sizes()
    {
        var steps = new[] { "phone", "laptop", "tablet", "desktop" };
        var sizes =
            from count in Enumerable.Range(1, 4)
            from endpoints in Enumerable.Range(0, 9)
            let certificate = TestKeys.Certificate("alice", steps[..count])
            let contact = DeviceContact.Create(certificate, RecordScene.Contact.Node, [.. Enumerable.Repeat("[2001:db8::1234:5678]:47110", endpoints)])
            let slot = RecordWriter.Write(TestKeys.Sodium, s_keys, TestKeys.Signing(steps[count - 1]).SecretKey, contact, Now)
            select (slot.Sealed.Length, RecordScene.Open(s_keys, slot).Problem, Count: contact.Endpoints.Count == endpoints);
        var all = sizes.ToArray();
        all.Select(size => size.Length).Distinct().Order().ShouldBe([512, 960]);
        all.ShouldAllBe(size => size.Problem == RecordProblem.None && size.Count);
        all.Count(size => size.Length == 512).ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Endpoints_that_do_not_fit_are_left_out_from_the_end()
    {
        var certificate = TestKeys.Certificate("alice", "phone", "laptop", "tablet", "desktop");
        string[] endpoints = [.. Enumerable.Range(0, 9).Select(i => $"{i}{new string('a', 120)}:4711")];
        var contact = DeviceContact.Create(certificate, RecordScene.Contact.Node, endpoints);
        contact.Endpoints.ShouldBe(endpoints[..3]);
        RecordPadding.Pad(contact.Encode()).Length.ShouldBe(960 - 40);
        DeviceContact.Create(RecordScene.Contact.Certificate, RecordScene.Contact.Node, [.. Enumerable.Repeat("a:1", 9)]).Endpoints.Count.ShouldBe(8);
        Should.Throw<ArgumentException>(() => DeviceContact.Create(certificate, RecordScene.Contact.Node, ["a b"]));
    }

    [Fact]
    public void The_first_endpoints_are_kept_and_a_text_may_fill_a_record_to_the_last_byte()
    {
        string[] nine = [.. Enumerable.Range(0, 9).Select(i => $"{i}:1")];
        DeviceContact.Create(RecordScene.Contact.Certificate, RecordScene.Contact.Node, nine).Endpoints.ShouldBe(nine[..8]);

        // An endpoint of the longest takes 131 bytes, and another two more than its length.
        var rest = 918 - DeviceContact.Create(RecordScene.Contact.Certificate, RecordScene.Contact.Node, []).Encode().Length;
        string[] filling = [.. Enumerable.Repeat(new string('a', 128), rest / 131), new string('b', (rest % 131) - 2)];
        var contact = DeviceContact.Create(RecordScene.Contact.Certificate, RecordScene.Contact.Node, filling);
        contact.Encode().Length.ShouldBe(918);
        contact.Endpoints.ShouldBe(filling);
        DeviceContact.TryDecode(contact.Encode(), out _).ShouldBeTrue();
        filling[^1] += 'b';
        DeviceContact.Create(RecordScene.Contact.Certificate, RecordScene.Contact.Node, filling).Endpoints.ShouldBe(filling[..^1]);
    }

    [Fact]
    public void A_contact_that_breaks_a_rule_is_not_decoded()
    {
        var message = RendezvousContact.Parser.ParseFrom(RecordScene.Contact.Encode());
        DeviceContact.TryDecode(message.ToByteArray(), out _).ShouldBeTrue();
        Action<RendezvousContact>[] changes =
        [
            contact => contact.Node = ByteString.CopyFrom(new byte[31]),
            contact => contact.Certificate = null,
            contact => contact.Endpoints.Add("a b"),
            contact => contact.Endpoints.Add(string.Empty),
            contact => contact.Endpoints.AddRange(Enumerable.Repeat("a:1", 7)),
        ];
        foreach (var change in changes)
        {
            var changed = message.Clone();
            change(changed);
            DeviceContact.TryDecode(changed.ToByteArray(), out _).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(0, 472)]
    [InlineData(470, 472)]
    [InlineData(471, 920)]
    [InlineData(918, 920)]
    public void A_text_is_padded_to_the_smaller_size_that_it_fits(int length, int size)
    {
        var padded = RecordPadding.Pad(new byte[length]);
        padded.Length.ShouldBe(size);
        RecordPadding.TryUnpad(padded, out var text).ShouldBeTrue();
        text.Length.ShouldBe(length);
        Should.Throw<ArgumentException>(() => RecordPadding.Pad(new byte[919]));
    }

    [Fact]
    public void A_time_is_what_a_number_is_above_the_mask()
    {
        RecordTime.Written(5, 5).ShouldBe(0);
        RecordTime.Written(5, 4).ShouldBeNull();
        RecordTime.Written(ulong.MaxValue, 4).ShouldBeNull();
        RecordTime.Written(5, 5 + (ulong)long.MaxValue).ShouldBe(long.MaxValue);
        RecordTime.Written(5, 6 + (ulong)long.MaxValue).ShouldBeNull();
        RecordTime.Written(long.MaxValue, ulong.MaxValue - 1).ShouldBe(long.MaxValue);
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(1, 25)]
    [InlineData(3_600_000, 25)]
    [InlineData(3_600_001, 26)]
    public void A_record_counts_for_a_day_and_up_to_the_next_full_hour(long written, int hours) => RecordTime.Expiry(written).ShouldBe(hours * 3_600);

    [Fact]
    public void The_longest_card_fits()
    {
        var certificate = TestKeys.Certificate("alice", "phone", "laptop", "tablet", "desktop");
        var key = TestKeys.Signing("desktop").SecretKey;
        var card = DeviceCard.Create(TestKeys.Sodium, certificate, key, TestKeys.Agreement("leaf").Public, uint.MaxValue, new string('a', 64));
        var keys = RecordScene.Keys(RecordScene.Cards);
        RecordScene.Open(keys, RecordWriter.Write(TestKeys.Sodium, keys, key, card, Now)).Problem.ShouldBe(RecordProblem.None);
    }

    [Fact]
    public void Any_contact_is_decoded_to_what_was_encoded() =>
        Prop.ForAll(Generators.Bytes32.ToArbitrary(), Gen.Choose(33, 126).ArrayOf().ToArbitrary(), (node, characters) =>
        {
            var endpoint = string.Concat(characters.Take(Invite.MaxAddressBytes).Select(c => (char)c));
            var contact = DeviceContact.Create(RecordScene.Contact.Certificate, new NodeId(node), endpoint.Length == 0 ? [] : [endpoint, "a:1"]);
            DeviceContact.TryDecode(contact.Encode(), out var decoded).ShouldBeTrue();
            decoded.Encode().ShouldBe(contact.Encode());
            decoded.Endpoints.ShouldBe(contact.Endpoints);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whoever_writes_at_the_wrong_time_or_with_the_wrong_key_is_told_at_once()
    {
        var next = RecordScene.Keys(RecordScene.Contacts, on: 1);
        Should.Throw<ArgumentException>(() => RecordScene.Write(next, next.WrittenFrom - 1));
        Should.Throw<ArgumentException>(() => RecordScene.Write(next, next.WrittenUntil));
        Should.Throw<ArgumentException>(() => RecordScene.Write(RecordScene.Keys(RecordScene.Cards)));
        var laptop = TestKeys.Signing("laptop").SecretKey;
        Should.Throw<ArgumentException>(() => RecordWriter.Write(TestKeys.Sodium, s_keys, laptop, RecordScene.Contact, Now));
        Should.Throw<ArgumentException>(() => RecordWriter.Write(TestKeys.Sodium, s_keys, RecordScene.PhoneKey.AsSpan(1), RecordScene.Contact, Now))
            .ParamName.ShouldBe("deviceSecretKey");
        RecordScene.Open(next, RecordScene.Write(next, next.WrittenFrom), next.WrittenFrom).Problem.ShouldBe(RecordProblem.None);
    }
}
