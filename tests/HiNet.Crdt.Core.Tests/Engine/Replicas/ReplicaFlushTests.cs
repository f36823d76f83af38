using System.Numerics;
using System.Text;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What a batch says of a replica is all that it has become, and nothing that was said before.</summary>
public sealed class ReplicaFlushTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly ReplicaDevice _carol = new("carol");

    public ReplicaFlushTests() => ReplicaDevice.Group(_alice, _bob, _carol);

    [Fact]
    public void The_state_hash_is_that_of_the_specification()
    {
        var regretted = _alice.Say("regretted");
        _bob.Receive(regretted);
        var copy = _bob.Copied();
        var (one, other) = (_bob.Say("one"), copy.Say("other"));
        var epoch = _carol.Control(EntryKind.Epoch, _carol.Epoch(TestKeys.Named("another secret")));
        _alice.Receive([.. one, .. other, .. epoch]);
        _alice.Replica.UsableEpochs().Count().ShouldBe(2);
        _alice.Replica.CurrentFrontier().Count.ShouldBe(4);
        _alice.Replica.StateHash().ShouldBe(Expected(_alice));

        var id = regretted[^1].Last.Id;
        var deletion = _alice.Delete(id);
        _alice.Replica.StateHash().ShouldBe(Expected(_alice, id));
        var again = _alice.Delete(id, _alice.Replica.UsableEpochs().First(), new EntryId(_alice.Id.Value));
        _alice.Replica.StateHash().ShouldBe(Expected(_alice, id), "it was deleted before, and control entries are not deleted");
        _alice.Replica.DurableStateHash.ShouldBe(_alice.Replica.StateHash());

        _carol.Receive([.. other, .. deletion, .. one, .. regretted, .. again]);
        _carol.Replica.StateHash().ShouldBe(_alice.Replica.StateHash());
        _carol.Restart();
        _carol.Replica.StateHash().ShouldBe(_alice.Replica.StateHash());
        _carol.Replica.DurableStateHash.ShouldBe(_alice.Replica.StateHash());
        _carol.Say("more");
        _carol.Replica.StateHash().ShouldBe(Expected(_carol, id));
    }

    [Fact]
    public void Recipients_are_told_apart_by_each_device_and_its_leaf_key()
    {
        _alice.Replica.UsableEpochs().ShouldNotBeEmpty();
        _alice.Replica.Authority.RecipientsDigest.ShouldBe(Hash(
            "hinet/v1/epoch-recipients", _alice.Replica.Authority.AuthorizedDevices.SelectMany(device => new[] { device.Device.ToArray(), device.Card.LeafKey.ToArray() })));
    }

    [Fact]
    public void Before_the_first_batch_others_may_be_told_that_nothing_is_here()
    {
        var dave = new ReplicaDevice("dave");
        dave.Join(_alice);
        dave.Replica.DurableStateHash.IsZero.ShouldBeFalse();
        dave.Replica.DurableStateHash.ShouldBe(dave.Replica.StateHash());
        dave.Persist();
        dave.Replica.DurableStateHash.ShouldBe(dave.Replica.StateHash());
        dave.Replica.DurableFrontier.ShouldBe(Frontier.Empty);
    }

    [Fact]
    public void The_record_counts_what_is_here_and_what_is_not()
    {
        var lost = _alice.Say("lost");
        var waiting = _alice.Say("waiting");
        var early = _carol.Forge(EntryKind.Message, new MessageBody(), header => header with
        {
            Hlc = HybridTimestamp.FromMilliseconds(_carol.Wall + (long)TimeSpan.FromMinutes(6).TotalMilliseconds),
        });
        var late = _carol.Say("late");
        _bob.Receive([.. waiting, .. _bob.Say("own"), .. late, _carol.Sign(early)]);
        var greatest = _bob.Replica.Arrivals(0, int.MaxValue).Max(arrived => arrived.Entry.Header.Hlc);
        var record = Record(_bob);
        record.LastArrival.ShouldBe(_bob.Replica.LastArrival);
        record.Devices.ShouldBe(3U);
        record.Missing.ShouldBe(1U);
        record.Parked.ShouldBe(1U);
        record.LastHlc.ShouldBe(greatest.Value);
        record.Tips.Count.ShouldBe(2);

        _bob.Restart();
        _bob.Settle();
        Record(_bob).LastHlc.ShouldBe(greatest.Value);
        (Record(_bob).Missing, Record(_bob).Parked).ShouldBe((0U, 0U));
        _bob.Receive([.. lost, .. waiting]);
        Record(_bob).Devices.ShouldBe(3U);
    }

    [Fact]
    public void A_batch_puts_only_what_has_changed_since_the_one_before()
    {
        _bob.Receive(_alice.Say("hello"));
        _bob.Replica.AppendReceipt(null, _bob.Now);
        _bob.Settle();
        _bob.Rows(ColumnFamily.Conversations, StoreKeys.Receipt(_bob.Number, _bob.Identity)).ShouldBe(1);
        _bob.Replica.Flush();
        _bob.Batch.Changes.ShouldHaveSingleItem().Key.ShouldBe(StoreKeys.Replica(_bob.Number));
    }

    [Fact]
    public void Members_lie_in_the_store_with_their_names_as_far_as_they_are_known()
    {
        Members(_bob).ShouldBe(
            [(_alice.Identity, "alice"), (_bob.Identity, "bob"), (_carol.Identity, "carol")], ignoreOrder: true);

        var direct = new ReplicaDevice("dave");
        direct.Create(
            new ConversationDescription(
                new ConversationId(TestKeys.Named("direct")), 7, ConversationKind.Direct, string.Empty, _alice.Identity, IsVisible: true),
            TestKeys.Named("direct key").ToArray());
        direct.Settle();
        Members(direct).ShouldBe([(_alice.Identity, string.Empty), (direct.Identity, string.Empty)], ignoreOrder: true);
    }

    [Fact]
    public void Who_has_several_devices_is_called_as_the_first_of_them_says()
    {
        var (root, secretKey) = (new byte[32], new byte[64]);
        TestKeys.Sodium.Ed25519FromSeed(TestKeys.Named("bob's identity").ToArray(), root, secretKey);
        var cards = Enumerable.Range(0, 3).Select(i => DeviceCard.Create(
            TestKeys.Sodium,
            DeviceCertificate.Issue(
                TestKeys.Sodium, new IdentityId(root), TestKeys.Agreement("bob's agreement").Public, secretKey, TestKeys.Device($"bob's {i}")),
            TestKeys.Signing($"bob's {i}").SecretKey, TestKeys.Agreement($"leaf {i}").Public, 0, $"bob's {i}"));
        _bob.Control(EntryKind.Introduce, new IntroduceBody { Cards = { cards.Select(card => ReplicaDevice.Bytes(card.Encode())) } });
        var devices = _bob.Replica.Authority.AuthorizedDevices.Where(device => device.Identity == _bob.Identity).ToList();
        devices.Count.ShouldBe(4);
        Members(_bob).ShouldContain((_bob.Identity, devices.MinBy(device => device.Device).Card.Name));
    }

    private static List<(IdentityId Identity, string Name)> Members(ReplicaDevice device)
    {
        device.Services.Rows.TryGet(ColumnFamily.Conversations, StoreKeys.Members(device.Number), out var value).ShouldBeTrue();
        return [.. MembersRecord.Parser.ParseFrom(value).Members.Select(member => (new IdentityId(member.Identity.Span), member.Name))];
    }

    private static ReplicaRecord Record(ReplicaDevice device)
    {
        device.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Replica(device.Number), out var value).ShouldBeTrue();
        return ReplicaRecord.Parser.ParseFrom(value);
    }

    private static Bytes32 Expected(ReplicaDevice device, params EntryId[] deleted)
    {
        var replica = device.Replica;
        var sum = BigInteger.Zero;
        foreach (var id in replica.Arrivals(0, int.MaxValue).Select(arrived => arrived.Entry.Id))
        {
            var contribution = Hash("hinet/v1/state-entry", [id.ToArray(), [1, deleted.Contains(id) ? (byte)1 : (byte)0]]);
            sum += new BigInteger(contribution.ToArray(), isUnsigned: true);
        }

        var sumBytes = new byte[32];
        (sum % (BigInteger.One << 256)).ToByteArray(isUnsigned: true).CopyTo(sumBytes, 0);
        var authority = replica.Authority;
        byte[][] heads = [.. replica.Devices.SelectMany(log => log.Branches).Select(branch => branch.Head.ToArray())];
        byte[][] members = [.. authority.Members.Select(member => (byte[])[.. member.Identity.ToArray(), (byte)member.Role])];
        byte[][] devices = [.. authority.AuthorizedDevices.Select(one => (byte[])[.. one.Device.ToArray(), .. one.Card.LeafKey.ToArray()])];
        byte[][] epochs = [.. replica.UsableEpochs().Order().Select(epoch => epoch.ToArray())];
        return Hash(
            "hinet/v1/state-hash",
            [
                replica.Id.ToArray(), sumBytes,
                BitConverter.GetBytes(heads.Length), .. heads,
                BitConverter.GetBytes(members.Length), .. members,
                BitConverter.GetBytes(devices.Length), .. devices,
                BitConverter.GetBytes(epochs.Length), .. epochs,
            ]);
    }

    private static Bytes32 Hash(string domain, IEnumerable<byte[]> parts)
    {
        var digest = new byte[32];
        TestKeys.Sodium.Blake2b([.. Encoding.ASCII.GetBytes(domain), .. parts.SelectMany(part => part)], digest);
        return new Bytes32(digest);
    }
}
