using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

/// <summary>Keys of one family compare as what they mean does, so that what is read together lies together.</summary>
public sealed class StoreKeysTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    /// <summary>Close values often, so that one part decides about as often as another.</summary>
    private static readonly Gen<ulong> s_number = Gen.OneOf(Gen.Choose(0, 300).Select(n => (ulong)n), Generators.UInt64);

    private static readonly Gen<uint> s_short = s_number.Select(n => (uint)n);

    private static readonly Gen<EntryId> s_id = Gen.OneOf(Gen.Choose(0, 3).Select(i => new EntryId(Generators.Drawn(i))), Generators.EntryId);

    [Fact]
    public void Entries_come_by_conversation_then_arrival() => Ordered(
        from c in s_short from a in s_number select (c, a),
        x => StoreKeys.Entry(x.c, x.a));

    [Fact]
    public void Chains_come_by_conversation_device_seq_and_arrival() => Ordered(
        from c in s_short from d in s_short from s in s_number from a in s_number select (c, d, s, a),
        x => StoreKeys.Chain(x.c, x.d, x.s, x.a));

    [Fact]
    public void The_timeline_is_in_conversation_order() => Ordered(
        from c in s_short from h in s_number from id in s_id select (c, new HybridTimestamp(h), id),
        x => StoreKeys.Timeline(x.c, x.Item2, x.id));

    [Fact]
    public void Relations_come_by_target_kind_and_conversation_order() => Ordered(
        from t in s_id from k in Gen.Elements('d', 'e', 'r') from h in s_number from id in s_id select (t, k, new HybridTimestamp(h), id),
        x => StoreKeys.Relation(x.t, x.k, x.Item3, x.id));

    [Fact]
    public void Landmarks_devices_and_unreadable_content_come_by_their_numbers()
    {
        Ordered(from c in s_short from a in s_number select (c, a), x => StoreKeys.Landmark(x.c, x.a));
        Ordered(from c in s_short from d in s_short select (c, d), x => StoreKeys.Device(x.c, x.d));
        Ordered(from c in s_short from d in s_short from id in s_id select (c, d, id), x => StoreKeys.Branch(x.c, x.d, x.id));
        Ordered(from c in s_short from e in s_id from a in s_number select (c, e, a), x => StoreKeys.Unreadable(x.c, x.e, x.a));
    }

    [Fact]
    public void Of_keys_that_agree_in_all_else_the_last_part_decides()
    {
        var id = new EntryId(Generators.Drawn(1));
        ulong[] numbers = [0, 1, 255, 256, ulong.MaxValue - 1, ulong.MaxValue];
        Func<ulong, byte[]>[] families =
        [
            last => StoreKeys.Entry(7, last),
            last => StoreKeys.Chain(7, 8, 9, last),
            last => StoreKeys.Landmark(7, last),
            last => StoreKeys.Unreadable(7, id, last),
        ];
        foreach (var keyOf in families)
        {
            for (var i = 1; i < numbers.Length; i++)
            {
                keyOf(numbers[i - 1]).AsSpan().SequenceCompareTo(keyOf(numbers[i])).ShouldBeLessThan(0);
            }

            numbers.Select(last => keyOf(last).Length).Distinct().ShouldHaveSingleItem();
        }

        StoreKeys.Unreadable(7, id, 1).Length.ShouldBe(1 + 4 + Bytes32.Size + 8);
    }

    [Fact]
    public void A_range_from_a_prefix_to_what_comes_after_it_holds_exactly_what_starts_with_it()
    {
        var cases = from prefix in Gen.NonEmptyListOf(Gen.Elements<byte>(0, 1, 0xfe, 0xff))
                    from other in Gen.OneOf(Generators.Bytes(6), Gen.ListOf(Gen.Elements<byte>(0, 1, 0xfe, 0xff)).Select(l => l.ToArray()))
                    from starts in Gen.Elements(true, false)
                    select (prefix.ToArray(), starts ? [.. prefix, .. other] : other);
        Check.One(s_config, Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var (prefix, key) = drawn;
            var until = StoreKeys.After(prefix);
            var isInside = key.AsSpan().SequenceCompareTo(prefix) >= 0 && (until.Length == 0 || key.AsSpan().SequenceCompareTo(until) < 0);
            isInside.ShouldBe(key.AsSpan().StartsWith(prefix));
        }));
    }

    [Fact]
    public void The_relations_of_a_target_are_one_range_and_so_is_each_kind()
    {
        var target = new EntryId(Generators.Drawn(1));
        var key = StoreKeys.Relation(target, 'e', new HybridTimestamp(7), new EntryId(Generators.Drawn(2)));
        key.AsSpan().StartsWith(StoreKeys.Relations(target)).ShouldBeTrue();
        key.AsSpan().StartsWith(StoreKeys.Relations(target, 'e')).ShouldBeTrue();
        key.AsSpan().StartsWith(StoreKeys.Relations(target, 'd')).ShouldBeFalse();
    }

    [Fact]
    public void Rows_of_different_meaning_never_have_one_key()
    {
        var value = Generators.Drawn(3);
        byte[][] conversations = [
            StoreKeys.Conversation(new ConversationId(value)), StoreKeys.Replica(1), StoreKeys.Device(1, 2), StoreKeys.Landmark(1, 2),
            StoreKeys.AuthorityHeads(1, value), StoreKeys.Members(1), StoreKeys.Receipt(1, new IdentityId(value)),
            StoreKeys.Branch(1, 2, new EntryId(value)), StoreKeys.Tip(1, new EntryId(value))];
        byte[][] secrets = [StoreKeys.HomeSecrets, StoreKeys.EpochSecret(1, new EntryId(value)), StoreKeys.ControlKey(1)];
        byte[][] contacts = [StoreKeys.Contact(new IdentityId(value)), StoreKeys.Invite(value)];
        byte[][] parked = [StoreKeys.AwaitedDeletion(1, new EntryId(value)), StoreKeys.Unreadable(1, new EntryId(value), 2)];
        foreach (var family in new[] { conversations, secrets, contacts, parked })
        {
            family.Select(key => key[0]).Distinct().Count().ShouldBe(family.Length);
        }
    }

    private static void Ordered<T>(Gen<T> meaning, Func<T, byte[]> keyOf)
        where T : IComparable<T> =>
        Check.One(s_config, Prop.ForAll(Gen.Two(meaning).ToArbitrary(), pair =>
        {
            var (one, other) = pair;
            Math.Sign(keyOf(one).AsSpan().SequenceCompareTo(keyOf(other))).ShouldBe(Math.Sign(one.CompareTo(other)));
        }));
}
