using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Alice writes under an epoch that opens for nobody else. Of those who only read, one asks for all.</summary>
public sealed class ReplicaAskedEpochsTests
{
    private static readonly Bytes32 s_secret = TestKeys.Named("a secret");

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob", new NodeCoreOptions { SendReceipts = false });
    private readonly ReplicaDevice _carol = new("carol", new NodeCoreOptions { SendReceipts = false });

    public ReplicaAskedEpochsTests()
    {
        ReplicaDevice.Group(_alice, _bob, _carol);
        foreach (var reader in new[] { _bob, _carol })
        {
            reader.Replica.Compared(reader.Now);
            reader.Replica.EpochDeadline.ShouldBe(Instant.Never);
        }
    }

    [Fact]
    public void They_ask_one_after_the_other_in_order_of_their_devices_until_one_has_asked()
    {
        Give(Withhold());
        foreach (var reader in new[] { _bob, _carol })
        {
            reader.Replica.EpochDeadline.ShouldBe(Instant.Never, "nothing was written under it");
        }

        Give(_alice.Say("unreadable"));
        foreach (var reader in new[] { _bob, _carol })
        {
            var before = reader.Replica.Authority.AuthorizedDevices.Count(device => device.Device.CompareTo(reader.Device) < 0);
            reader.Replica.EpochDeadline.ShouldBe(reader.Now + (reader.Options.ReceiptDelay * (2 + before)));
        }

        var (first, second) = _bob.Device.CompareTo(_carol.Device) < 0 ? (_bob, _carol) : (_carol, _bob);
        first.Replica.AskForEpochs(first.Now);
        first.Replica.EpochDeadline.ShouldBe(Instant.Never);
        var asked = first.Settle();
        asked.SelectMany(run => run.Entries).Select(entry => entry.Header.Kind).ShouldBe([EntryKind.Epoch]);
        first.Replica.AskForEpochs(first.Now);
        first.Settle().ShouldBeEmpty("it has asked");

        second.Receive(asked);
        second.Replica.AskForEpochs(second.Now);
        second.Settle().ShouldBeEmpty("somebody has asked");
        _alice.Receive(asked);
        Give(_alice.Say("readable"));
        foreach (var reader in new[] { _bob, _carol })
        {
            reader.Reader.Page(reader.Id, 10, null).Select(message => message.Text).ShouldBe(["unreadable", "readable"]);
        }
    }

    [Fact]
    public void What_came_before_a_start_is_asked_for_after_it_once_peers_have_said_what_they_hold()
    {
        Give(Withhold());
        Give(_alice.Say("unreadable"));
        _bob.Restart();
        _bob.Replica.EpochDeadline.ShouldBe(Instant.Never);
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.EpochDeadline.ShouldNotBe(Instant.Never);
    }

    [Fact]
    public void Nobody_asks_for_what_is_not_withheld()
    {
        // A message under an epoch that never was.
        var message = _alice.Forge(EntryKind.Message, new MessageBody { Text = "never" }, header => header with { Epoch = TestKeys.Entry("never") });
        _bob.Receive(_alice.Sign(message));
        _bob.Replica.AskForEpochs(_bob.Now);
        _bob.Settle().ShouldBeEmpty();
    }

    [Fact]
    public void A_reader_cannot_ask()
    {
        Give(_bob.Control(EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(_bob.Identity.ToArray()), Role = (uint)Role.Reader }));
        Give(Withhold());
        Give(_alice.Say("unreadable"));
        _bob.Replica.EpochDeadline.ShouldBe(Instant.Never);
        _bob.Replica.AskForEpochs(_bob.Now);
        _bob.Settle().ShouldBeEmpty();
    }

    /// <summary>An epoch of Alice's that takes the place of the one in use, without a right box for anybody.</summary>
    private SignedRun[] Withhold()
    {
        (EntryId Epoch, Bytes32 Secret)[] older = [.. _alice.Replica.UsableEpochs().Select(epoch => (epoch, new Bytes32(_alice.Replica.SecretOf(epoch)!)))];
        var body = _alice.Epoch(s_secret, null, older);
        body.Boxes = ReplicaDevice.Bytes(new byte[body.Boxes.Length]);
        var epoch = _alice.Control(EntryKind.Epoch, body);
        _alice.Replica.LearnSecret(epoch[^1].Last.Id, s_secret.ToArray());
        _alice.Settle();
        return epoch;
    }

    private void Give(SignedRun[] runs)
    {
        foreach (var device in new[] { _alice, _bob, _carol })
        {
            device.Receive(runs);
        }
    }
}
