using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht.Records;

/// <summary>What the construction keeps from those who do not know a secret, as far as bytes can show it.</summary>
public sealed class RendezvousKeysTests
{
    private static readonly DeviceId s_phone = TestKeys.Device("phone");

    [Fact]
    public void Everyone_with_the_secret_comes_to_the_same_place_and_knows_every_writer()
    {
        var one = RecordScene.Keys(RecordScene.Contacts);
        var other = RecordScene.Keys(RecordScene.Secret("pair"));
        other.Target.ShouldBe(one.Target);
        other.Writer(TestKeys.Sodium, s_phone).ShouldBe(one.Writer(TestKeys.Sodium, s_phone));
        other.Writer(TestKeys.Sodium, s_phone)!.Value.ShouldBe(RecordScene.Write(one).Writer);
    }

    [Fact]
    public void Two_periods_of_a_device_have_no_four_bytes_in_common()
    {
        var edge = new RecordSchedule(TestKeys.Sodium, RecordScene.Contacts).StartOf(RecordScene.Keys(RecordScene.Contacts, on: 1).Period);
        var keys = new[] { RecordScene.Keys(RecordScene.Contacts), RecordScene.Keys(RecordScene.Contacts, on: 1) };

        // Both in one go, as happens near an edge: the same words, the same millisecond, the same device.
        var slots = keys.Select(key => RecordScene.Write(key, edge - 1)).ToArray();
        var windows = slots.Select(slot => Windows(slot).ToHashSet()).ToArray();
        windows[0].Intersect(windows[1]).ShouldBeEmpty();
        slots[0].Sequence.ShouldNotBe(slots[1].Sequence);
        slots[0].Sealed.Length.ShouldBe(slots[1].Sealed.Length);

        // The expiry is what everybody has who writes in that hour.
        slots[0].ExpiresUnixSeconds.ShouldBe(slots[1].ExpiresUnixSeconds);
        (slots[0].ExpiresUnixSeconds % 3_600).ShouldBe(0);
    }

    [Fact]
    public void No_slot_shows_a_byte_string_that_names_the_device_the_person_or_the_node()
    {
        var slot = RecordScene.Write(RecordScene.Keys(RecordScene.Contacts));
        var shown = Windows(slot).ToHashSet();
        var named = new[] { s_phone.Value, RecordScene.Contact.Node.Value, RecordScene.Contact.Certificate.Identity.Value, RecordScene.Contact.Certificate.Agreement };
        named.SelectMany(name => Windows(name.ToArray())).ShouldAllBe(window => !shown.Contains(window));
    }

    [Fact]
    public void Targets_and_writers_differ_by_secret_origin_kind_period_and_device() =>
        Prop.ForAll(Generators.Bytes32.ToArbitrary(), Gen.Choose(0, 40_000).ToArbitrary(), (secret, day) =>
        {
            var conversation = new ConversationId(TestKeys.Named("team"));
            var keys =
                from kind in new[] { RecordKind.Contact, RecordKind.Prekeys }
                from rendezvous in new[]
                {
                    RendezvousSecret.OfPair(TestKeys.Sodium, secret, kind),
                    RendezvousSecret.OfInvite(TestKeys.Sodium, secret, kind),
                    RendezvousSecret.OfEpoch(TestKeys.Sodium, conversation, secret, kind),
                    RendezvousSecret.OfEpoch(TestKeys.Sodium, new ConversationId(TestKeys.Named("other team")), secret, kind),
                }
                from period in new[] { new RecordPeriod(day), new RecordPeriod(day + 1) }
                select RendezvousKeys.Derive(TestKeys.Sodium, rendezvous, period);
            var all = keys.ToArray();
            var devices = new[] { s_phone, TestKeys.Device("laptop") };
            all.Select(key => key.Target).Distinct().Count().ShouldBe(16);
            all.SelectMany(key => devices.Select(device => key.Writer(TestKeys.Sodium, device)!.Value)).Distinct().Count().ShouldBe(32);
            all.Select(key => Convert.ToHexString(key.SealingKey.Span)).Distinct().Count().ShouldBe(16);
            all.Select(key => Convert.ToHexString(key.NonceKey.Span)).Distinct().Count().ShouldBe(16);
            all.SelectMany(key => devices.Select(device => key.DeriveDevice(TestKeys.Sodium, device, new byte[32]))).Distinct().Count().ShouldBe(32);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_old_epoch_s_secret_leads_to_none_of_the_new_epoch_s_records()
    {
        var team = new ConversationId(TestKeys.Named("team"));
        var before = RendezvousSecret.OfEpoch(TestKeys.Sodium, team, TestKeys.Named("epoch 1"), RecordKind.Contact);
        var after = RendezvousSecret.OfEpoch(TestKeys.Sodium, team, TestKeys.Named("epoch 2"), RecordKind.Contact);
        var periods = Enumerable.Range(20_000, 100).Select(day => new RecordPeriod(day)).ToArray();
        var old = periods.Select(period => RendezvousKeys.Derive(TestKeys.Sodium, before, period)).ToArray();
        var fresh = periods.Select(period => RendezvousKeys.Derive(TestKeys.Sodium, after, period)).ToArray();
        fresh.Select(keys => keys.Target).Intersect(old.Select(keys => keys.Target)).ShouldBeEmpty();
        fresh.Select(keys => keys.Writer(TestKeys.Sodium, s_phone)).Intersect(old.Select(keys => keys.Writer(TestKeys.Sodium, s_phone))).ShouldBeEmpty();

        // Even handed the slot, whoever was removed can neither open it nor say whose it is.
        var slot = RecordScene.Write(RecordScene.Keys(after));
        var known = RecordScene.Keys(before);
        RecordScene.Open(known, slot).Problem.ShouldBe(RecordProblem.WrongTarget);
        RecordCipher.TryOpen(TestKeys.Sodium, known, slot, new byte[slot.Sealed.Length - 40]).ShouldBeFalse();
        known.Writer(TestKeys.Sodium, s_phone).ShouldNotBe(slot.Writer);
    }

    [Fact]
    public void A_device_key_that_is_no_good_key_has_no_writer()
    {
        var keys = RecordScene.Keys(RecordScene.Contacts);
        keys.Writer(TestKeys.Sodium, new DeviceId(default(Bytes32))).ShouldBeNull();
        keys.Writer(TestKeys.Sodium, new DeviceId(new Bytes32((byte[])[1, .. new byte[31]]))).ShouldBeNull();
    }

    [Fact]
    public void A_period_is_written_from_three_hours_before_it_begins_until_it_ends()
    {
        var keys = RecordScene.Keys(RecordScene.Contacts);
        var schedule = new RecordSchedule(TestKeys.Sodium, RecordScene.Contacts);
        keys.WrittenFrom.ShouldBe(schedule.StartOf(keys.Period) - 10_800_000);
        keys.WrittenUntil.ShouldBe(schedule.StartOf(keys.Period.Next));
    }

    [Fact]
    public void A_secret_for_another_purpose_is_the_hash_of_that_purpose_under_the_secret()
    {
        var (value, expected) = (Value(TestKeys.Named("pair")), new byte[32]);
        TestKeys.Sodium.Blake2b(Domains.LanSecret, expected, value);
        RecordScene.Contacts.Derive(TestKeys.Sodium, Domains.LanSecret).ShouldBe(new Bytes32(expected));
    }

    [Fact]
    public void A_secret_is_wiped_wherever_it_was_copied_to_be_used()
    {
        var (pair, period) = (TestKeys.Named("pair"), new RecordPeriod(20_000));
        var (deriving, other, hashing, expanding) = (new CountedSecrets(), new CountedSecrets(), new CountedSecrets(), new CountedSecrets());
        RendezvousSecret.OfPair(deriving, pair, RecordKind.Contact);
        RecordScene.Contacts.Derive(other, Domains.LanSecret);
        RecordScene.Contacts.Hash(hashing, Domains.RecordTarget, period);
        RecordScene.Contacts.Expand(expanding, Domains.RecordKeys, period, new byte[64]);
        deriving.ShouldHaveWiped(pair.ToArray());
        other.ShouldHaveWiped(Value(pair));
        hashing.ShouldHaveWiped(Value(pair));
        expanding.ShouldHaveWiped(Value(pair));
    }

    [Fact]
    public void The_factor_of_a_device_is_wiped_wherever_it_was_used()
    {
        var keys = RecordScene.Keys(RecordScene.Contacts);
        var slot = RecordScene.Write(keys);
        var (factor, blinding, expanded) = (new byte[32], new byte[32], new byte[64]);
        keys.DeriveDevice(TestKeys.Sodium, s_phone, factor);
        RecordScene.Contacts.Expand(TestKeys.Sodium, Domains.RecordBlinding, keys.Period, blinding);
        TestKeys.Sodium.Blake2bJoined(Domains.RecordDevice, s_phone.ToArray(), expanded, blinding);
        var (deriving, naming, writing, reading) = (new CountedSecrets(), new CountedSecrets(), new CountedSecrets(), new CountedSecrets());
        keys.DeriveDevice(deriving, s_phone, new byte[32]);
        keys.Writer(naming, s_phone);
        RecordWriter.Write(writing, keys, RecordScene.PhoneKey, RecordScene.Contact, RecordScene.Now);
        RecordReader.Open(reading, keys, slot, RecordScene.Now).Problem.ShouldBe(RecordProblem.None);
        deriving.ShouldHaveWiped(expanded);
        naming.ShouldHaveWiped(factor);

        // For the name of the writer, and then for what it is needed for.
        writing.CountOf(factor).ShouldBe(2);
        reading.CountOf(factor).ShouldBe(2);
    }

    [Fact]
    public void There_are_two_kinds_of_records() =>
        Should.Throw<ArgumentOutOfRangeException>(() => RendezvousSecret.OfPair(TestKeys.Sodium, default, (RecordKind)3));

    // What a secret of contacts for a pair comes to.
    private static byte[] Value(Bytes32 pair)
    {
        var value = new byte[32];
        TestKeys.Sodium.Blake2bJoined(Domains.RendezvousPair, [(byte)RecordKind.Contact], value, pair.ToArray());
        return value;
    }

    private static IEnumerable<uint> Windows(DhtSlot slot) => new[]
    {
        slot.Target.ToArray(), slot.Writer.ToArray(), BitConverter.GetBytes(slot.Sequence)[..6], slot.Sealed.ToArray(), slot.Signature.ToArray(),
    }.SelectMany(Windows);

    private static IEnumerable<uint> Windows(byte[] bytes) => Enumerable.Range(0, bytes.Length - 3).Select(at => BitConverter.ToUInt32(bytes, at));
}
