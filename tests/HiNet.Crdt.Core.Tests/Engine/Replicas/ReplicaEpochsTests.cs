using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Under which epoch one writes, who makes another, and how secrets are handed on.</summary>
public sealed class ReplicaEpochsTests
{
    private static readonly Bytes32 s_secret = TestKeys.Named("one secret");
    private static readonly Bytes32 s_other = TestKeys.Named("another secret");

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly ReplicaDevice _carol = new("carol");

    public ReplicaEpochsTests() => ReplicaDevice.Group(_alice, _bob, _carol);

    [Fact]
    public void An_epoch_is_usable_while_it_is_for_todays_devices_and_none_took_its_place()
    {
        var first = _alice.Replica.UsableEpochs().Single();
        var second = Make(_alice, _alice.Epoch(s_secret, null, (first, Secret(_alice, first))));
        _alice.Replica.UsableEpochs().ShouldBe([second]);
        _carol.Leave();
        _alice.Receive(_carol.Everything());
        _alice.Replica.UsableEpochs().ShouldBeEmpty();
        _alice.Replica.EpochCount.ShouldBe(2);

        var made = _alice.Say("under a third").SelectMany(run => run.Entries).Single(entry => entry.Header.Kind == EntryKind.Epoch);
        var third = _alice.Replica.UsableEpochs().Single();
        third.ShouldBe(made.Id);
        new[] { first, second }.ShouldNotContain(third);
        Body(_alice, made).Supersedes.Select(link => new EntryId(link.Epoch.Span)).ShouldBe([second], "the first gave way to the second");
        _alice.Replica.EpochCount.ShouldBe(3);
        _alice.Say("under the same");
        _alice.Replica.EpochCount.ShouldBe(3);
    }

    [Fact]
    public void Someone_who_came_in_the_place_of_someone_who_left_is_another_recipient()
    {
        var dave = new ReplicaDevice("dave");
        _alice.Receive(_carol.Leave());
        _alice.Grant(dave);
        _alice.Replica.Authority.AuthorizedDevices.Count.ShouldBe(3);
        _alice.Replica.UsableEpochs().ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_makes_an_epoch_needs_no_box_of_it()
    {
        // A copy of Alice's home introduces a leaf key that only it holds, so no box opens for her any more.
        var card = DeviceCard.Create(
            TestKeys.Sodium, _alice.Secrets.Certificate, _alice.Secrets.DeviceSecretKey.Span, TestKeys.Agreement("another leaf").Public, 1, "alice");
        var stolen = _alice.Copied().Control(EntryKind.Introduce, new IntroduceBody { Cards = { ReplicaDevice.Bytes(card.Encode()) } });
        _alice.Receive(stolen);
        _bob.Receive(stolen);

        var said = _alice.Say("as before");
        var message = said[^1].Last;
        message.Header.Epoch.ShouldBe(_alice.Replica.UsableEpochs().Single());
        _alice.Reader.Find(_alice.Id, message.Id)!.Text.ShouldBe("as before");
        _bob.Receive(said);
        _bob.Reader.Find(_bob.Id, message.Id)!.Text.ShouldBe("as before");
        _alice.Say("under the same");
        _alice.Replica.EpochCount.ShouldBe(2);
    }

    [Fact]
    public void A_reader_who_stood_in_for_an_admin_leaves_the_epoch_to_the_next_writer()
    {
        _bob.Control(EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(_bob.Identity.ToArray()), Role = (uint)Role.Reader });
        _bob.Receive([.. _alice.Leave(), .. _carol.Leave()]);
        _bob.Replica.Authority.RoleOf(_bob.Identity).ShouldBe(Role.Owner, "nobody else is left");

        var dave = new ReplicaDevice("dave");
        _bob.Grant(dave);
        _bob.Replica.Authority.RoleOf(_bob.Identity).ShouldBe(Role.Reader, "members come before readers");
        _bob.Replica.Authority.RoleOf(dave.Identity).ShouldBe(Role.Owner);
        _bob.Replica.EnsureEpoch(_bob.Now);
        _bob.Replica.UsableEpochs().ShouldBeEmpty();
        _bob.Settle().ShouldBeEmpty();
    }

    [Fact]
    public void What_took_the_place_of_an_epoch_does_so_whichever_comes_first()
    {
        var epoch = _alice.Control(EntryKind.Epoch, _alice.Epoch(s_secret));
        var id = epoch[^1].Last.Id;
        var later = _bob.Control(EntryKind.Epoch, _bob.Epoch(s_other, null, (id, s_secret)));
        _carol.Receive(later);
        var meetings = _carol.MeetingChanges;
        _carol.Replica.SecretOf(id).ShouldBe(s_secret.ToArray(), "the later one's link hands it over");
        _carol.Receive(epoch);
        _carol.MeetingChanges.ShouldBe(meetings + 1);
        _carol.Replica.UsableEpochs().ShouldNotContain(id);
        _carol.Restart();
        _carol.Replica.UsableEpochs().ShouldNotContain(id);
        _carol.Replica.UsableEpochs().ShouldContain(later[^1].Last.Id);
    }

    [Fact]
    public void Of_several_usable_epochs_the_one_of_the_lowest_id_that_is_held_is_written_under()
    {
        Make(_alice, _alice.Epoch(s_secret));
        Make(_alice, _alice.Epoch(s_other, _bob.Device));
        _bob.Receive(_alice.Everything());
        _bob.Replica.UsableEpochs().Count().ShouldBe(3);
        var held = _bob.Replica.UsableEpochs().Where(epoch => _bob.Replica.SecretOf(epoch) is not null).Order().ToList();
        held.Count.ShouldBe(2);
        _bob.Say("hello")[^1].Last.Header.Epoch.ShouldBe(held[0]);
        _bob.Replica.EpochCount.ShouldBe(3);
    }

    [Fact]
    public void An_epoch_that_someone_made_who_had_not_heard_of_todays_devices_is_not_left_behind()
    {
        var dave = new ReplicaDevice("dave");
        var grant = _alice.Grant(dave);
        _alice.Say("under one for dave too");
        var behind = _bob.Control(EntryKind.Epoch, _bob.Epoch(s_secret));
        _carol.Receive([.. _alice.Everything(), .. behind]);
        var usable = _carol.Replica.UsableEpochs().Single();
        var run = _carol.Say("hands it over");
        run[^1].Last.Header.Epoch.ShouldNotBe(usable);
        var made = run.SelectMany(r => r.Entries).Single(entry => entry.Header.Kind == EntryKind.Epoch).Id;
        _carol.Replica.UsableEpochs().ShouldBe([made]);
        dave.Join(_alice);
        dave.Receive([.. _carol.Everything()]);
        dave.Replica.SecretOf(behind[^1].Last.Id).ShouldBe(s_secret.ToArray());
        grant.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_new_epoch_takes_the_place_of_all_that_are_held_and_of_those_for_today_that_are_not()
    {
        var first = _alice.Replica.UsableEpochs().Single();
        var unheld = Make(_alice, _alice.Epoch(s_secret, _bob.Device));
        _bob.Receive(_alice.Everything());
        var dave = new ReplicaDevice("dave");
        var grant = _alice.Grant(dave);
        _bob.Receive(grant);
        _bob.Say("under one for dave too");
        _bob.Replica.UsableEpochs().ShouldHaveSingleItem();
        _bob.Replica.EpochCount.ShouldBe(3);
        _bob.Say("under the same");
        _bob.Replica.EpochCount.ShouldBe(3, "one that is not held is nobody's whom he leaves behind");

        // The one that Bob does not hold is not for today: Alice, who holds it, hands it over.
        _alice.Receive(_bob.Everything());
        _alice.Replica.SecretOf(unheld).ShouldNotBeNull();
        _alice.Say("hands it over");
        _alice.Replica.EpochCount.ShouldBe(4);
        _bob.Receive(_alice.Everything());
        _bob.Replica.SecretOf(unheld).ShouldBe(s_secret.ToArray());
        first.ShouldNotBe(unheld);
    }

    [Fact]
    public void An_epoch_for_today_that_nobody_here_can_open_gives_way_to_one_that_opens()
    {
        var dave = new ReplicaDevice("dave");
        _bob.Receive(_alice.Grant(dave));
        var useless = Make(_alice, _alice.Epoch(s_secret, _bob.Device));
        _bob.Receive(_alice.Everything());
        _bob.Replica.UsableEpochs().ShouldBe([useless]);
        _bob.Say("under one of my own");
        _bob.Replica.UsableEpochs().Single().ShouldNotBe(useless);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void One_epoch_takes_the_place_of_so_many_the_held_ones_first(int bound, int hits)
    {
        var erin = new ReplicaDevice("erin", new NodeCoreOptions { Bounds = EngineBounds.Default with { SupersededEpochs = bound } });
        ReplicaDevice.Group(_alice, erin);
        var held = _alice.Replica.UsableEpochs().Single();
        var dave = new ReplicaDevice("dave");
        erin.Receive(_alice.Grant(dave));
        var unheld = Make(_alice, _alice.Epoch(s_secret, erin.Device));
        erin.Receive(_alice.Everything());
        var epoch = erin.Say("under one of my own").SelectMany(run => run.Entries).Single(entry => entry.Header.Kind == EntryKind.Epoch);
        erin.Hits("bound.superseded.epochs").ShouldBe(hits);
        EntryId[] superseded = bound == 1 ? [held] : [held, unheld];
        Body(erin, epoch).Supersedes.Select(link => new EntryId(link.Epoch.Span)).ShouldBe(superseded);
    }

    [Fact]
    public void Those_that_are_held_go_first_also_behind_lower_ids()
    {
        var erin = new ReplicaDevice("erin", new NodeCoreOptions { Bounds = EngineBounds.Default with { SupersededEpochs = 1 } });
        ReplicaDevice.Group(_alice, erin);
        var held = _alice.Replica.UsableEpochs().Single();
        erin.Receive(_alice.Grant(new ReplicaDevice("dave")));
        for (var i = 0; Make(_alice, _alice.Epoch(TestKeys.Named($"secret {i}"), erin.Device)).CompareTo(held) > 0; i++)
        {
            i.ShouldBeLessThan(100);
        }

        erin.Receive(_alice.Everything());
        var epoch = erin.Say("under one of my own").SelectMany(run => run.Entries).Single(entry => entry.Header.Kind == EntryKind.Epoch);
        Body(erin, epoch).Supersedes.Select(link => new EntryId(link.Epoch.Span)).ShouldBe([held]);
    }

    [Fact]
    public void A_new_epoch_is_for_all_that_are_in_its_past_however_many_heads_there_are()
    {
        var erin = new ReplicaDevice("erin", new NodeCoreOptions { Bounds = EngineBounds.Default with { Parents = 1 } });
        ReplicaDevice.Group(_alice, erin, _bob, _carol);
        erin.Receive([.. _bob.Leave(), .. _carol.Leave(), .. _alice.Say("hello")]);
        var epoch = erin.Say("hello").SelectMany(run => run.Entries).Single(entry => entry.Header.Kind == EntryKind.Epoch);
        Body(erin, epoch).Boxes.Length.ShouldBe(2 * EpochBox.Size);
    }

    [Fact]
    public void A_secret_that_came_ahead_is_kept_if_it_is_the_one_and_else_given_up()
    {
        var right = _alice.Control(EntryKind.Epoch, _alice.Epoch(s_secret, _bob.Device));
        var wrong = _alice.Control(EntryKind.Epoch, _alice.Epoch(s_other, _bob.Device));
        _bob.Replica.LearnSecret(right[^1].Last.Id, s_secret.ToArray());
        _bob.Replica.LearnSecret(wrong[^1].Last.Id, s_secret.ToArray());
        var meetings = _bob.MeetingChanges;
        _bob.Receive([.. right, .. wrong]);
        _bob.Replica.SecretOf(right[^1].Last.Id).ShouldBe(s_secret.ToArray());
        _bob.Replica.SecretOf(wrong[^1].Last.Id).ShouldBeNull();
        _bob.MeetingChanges.ShouldBe(meetings + 1);
        _bob.Hits("epoch.secret.wrong").ShouldBe(1);
        _bob.Restart();
        _bob.Replica.SecretOf(wrong[^1].Last.Id).ShouldBeNull();
    }

    [Fact]
    public void A_wrong_secret_of_an_epoch_that_is_here_is_told_without_a_look_into_the_store()
    {
        var epoch = _alice.Control(EntryKind.Epoch, _alice.Epoch(s_secret, _bob.Device));
        _bob.Receive(epoch);
        var before = _bob.Cost[CostKind.Row];
        _bob.Replica.LearnSecret(epoch[^1].Last.Id, s_other.ToArray());
        _bob.Cost[CostKind.Row].ShouldBe(before);
        _bob.Hits("epoch.secret.wrong").ShouldBe(1);
        _bob.Replica.LearnSecret(epoch[^1].Last.Id, s_secret.ToArray());
        _bob.Replica.SecretOf(epoch[^1].Last.Id).ShouldBe(s_secret.ToArray());
    }

    [Fact]
    public void A_secret_that_comes_later_makes_an_epoch_one_to_write_under_and_opens_what_it_links_to()
    {
        var older = Make(_alice, _alice.Epoch(s_secret, _bob.Device));
        var first = _bob.Replica.UsableEpochs().Single();
        var later = Make(_alice, _alice.Epoch(s_other, _bob.Device, (older, s_secret), (first, Secret(_alice, first))));
        _bob.Receive(_alice.Everything());
        _bob.Replica.SecretOf(older).ShouldBeNull();
        _bob.Replica.LearnSecret(later, s_other.ToArray());
        _bob.Replica.SecretOf(older).ShouldBe(s_secret.ToArray());
        _bob.Say("under it")[^1].Last.Header.Epoch.ShouldBe(later);
        _bob.Replica.EpochCount.ShouldBe(3);
        _bob.Restart();
        _bob.Say("under it")[^1].Last.Header.Epoch.ShouldBe(later);
    }

    [Fact]
    public void A_box_that_holds_another_secret_than_the_epoch_says_is_not_believed()
    {
        var body = _alice.Epoch(s_secret);
        body.Commitment = _alice.Epoch(s_other).Commitment;
        var epoch = _carol.Copied();
        var run = epoch.Control(EntryKind.Epoch, body);
        _bob.Receive(run);
        _bob.Replica.EpochCount.ShouldBe(2);
        _bob.Replica.SecretOf(run[^1].Last.Id).ShouldBeNull();
        _bob.Hits("epoch.secret.wrong").ShouldBe(0, "it is not taken for one that came ahead");
    }

    [Fact]
    public void A_box_that_does_not_open_gives_no_secret_whatever_the_epoch_says()
    {
        var run = _alice.Control(EntryKind.Epoch, _alice.Epoch(default, without: _bob.Device));
        _bob.Receive(run);
        _bob.Replica.SecretOf(run[^1].Last.Id).ShouldBeNull();
        _carol.Receive(run);
        _carol.Replica.SecretOf(run[^1].Last.Id).ShouldBe(new byte[32]);
    }

    [Fact]
    public void A_box_for_a_leaf_key_that_is_not_here_is_not_opened()
    {
        var card = DeviceCard.Create(
            TestKeys.Sodium, _bob.Card.Certificate, _bob.Secrets.DeviceSecretKey.Span, TestKeys.Agreement("newer leaf").Public, 1, "bob");
        _alice.Receive(_bob.Control(EntryKind.Introduce, new IntroduceBody { Cards = { ReplicaDevice.Bytes(card.Encode()) } }));
        var run = _alice.Say("under one for the newer leaf");
        _bob.Receive(run);
        _bob.Replica.EpochCount.ShouldBe(2);
        _bob.Replica.SecretOf(run[^1].Last.Header.Epoch!.Value).ShouldBeNull();
    }

    [Fact]
    public void An_epoch_whose_secret_came_ahead_of_it_is_written_under()
    {
        var first = _alice.Replica.UsableEpochs().Single();
        var run = _alice.Control(EntryKind.Epoch, _alice.Epoch(s_secret, _bob.Device, (first, Secret(_alice, first))));
        _bob.Replica.LearnSecret(run[^1].Last.Id, s_secret.ToArray());
        _bob.Receive(run);
        _bob.Say("under it")[^1].Last.Header.Epoch.ShouldBe(run[^1].Last.Id);
        _bob.Replica.EpochCount.ShouldBe(2);
    }

    [Fact]
    public void A_secret_that_is_held_is_read_from_the_store_once_and_one_that_is_not_each_time()
    {
        var first = _bob.Replica.UsableEpochs().Single();
        _bob.Restart();
        Rows(first);
        Rows(first).ShouldBe(0);
        var (later, never) = (TestKeys.Entry("later"), TestKeys.Entry("never"));
        Rows(never).ShouldBe(1);
        Rows(never).ShouldBe(1);
        _bob.Replica.LearnSecret(later, s_secret.ToArray());
        Rows(later).ShouldBe(0, "it has just been learnt");

        long Rows(EntryId epoch)
        {
            var before = _bob.Cost[CostKind.Row];
            _ = _bob.Replica.SecretOf(epoch);
            return _bob.Cost[CostKind.Row] - before;
        }
    }

    [Fact]
    public void An_invitation_hands_over_the_newest_secrets_the_newest_last()
    {
        var first = _alice.Replica.UsableEpochs().Single();
        EntryId[] epochs = [first, .. Enumerable.Range(0, 4).Select(i => Make(_alice, _alice.Epoch(TestKeys.Named($"secret {i}"))))];
        _alice.Replica.NewestSecrets(3).Select(newest => newest.Epoch).ShouldBe(epochs[2..]);
        _alice.Replica.NewestSecrets(3)[^1].Secret.ShouldBe(TestKeys.Named("secret 3").ToArray());
        _alice.Replica.NewestSecrets(10).Select(newest => newest.Epoch).ShouldBe(epochs);
    }

    private static byte[] Bytes(ReplicaDevice device, EntryId epoch) => device.Replica.SecretOf(epoch)!;

    private static Bytes32 Secret(ReplicaDevice device, EntryId epoch) => new(Bytes(device, epoch));

    private static EntryId Make(ReplicaDevice device, EpochBody body) => device.Control(EntryKind.Epoch, body)[^1].Last.Id;

    private static EpochBody Body(ReplicaDevice device, Entry epoch)
    {
        BodyCipher.TryOpen(TestKeys.Sodium, device.Replica.ControlKey, epoch.Prefix, epoch.Body!.Value.Span, out var plaintext).ShouldBeTrue();
        return EpochBody.Parser.ParseFrom(plaintext);
    }
}
