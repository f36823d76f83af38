using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>The largest that an encoder writes of each thing is one that every decoder takes: the bounds of specs/15-quotas.md fit each other.</summary>
public sealed class LargestTests
{
    private static readonly ByteString s_id = ByteString.CopyFrom(Enumerable.Repeat((byte)0xff, Bytes32.Size).ToArray());

    [Fact]
    public void An_epoch_for_as_many_devices_as_count_that_takes_the_place_of_as_many_as_it_may_fits_into_an_entry()
    {
        var body = new EpochBody { Ephemeral = s_id, Boxes = Zeros(AuthorityState.AuthorizedDevicesInAll * EpochBox.Size), Commitment = s_id };
        body.Supersedes.AddRange(Enumerable.Range(0, Limits.SupersededEpochs).Select(_ => new EpochLinkBody { Epoch = s_id, Sealed = Zeros(EpochLink.Size) }));
        ShouldFit(body);
        ControlBody.Parse(EntryKind.Epoch, body.ToByteArray()).ShouldNotBeNull();
    }

    [Fact]
    public void An_invitation_with_as_many_epochs_as_it_hands_over_fits_into_an_entry()
    {
        var body = new GroupInvitationBody
        {
            Group = s_id,
            ControlKey = s_id,
            Grant = s_id,
            Name = new string('x', Limits.GroupNameBytes),
            Members = Limits.GroupMembers,
        };
        body.Epochs.AddRange(Enumerable.Range(0, Limits.InvitationEpochs).Select(_ => new EpochSecretBody { Epoch = s_id, Secret = s_id }));
        ShouldFit(body);
    }

    [Fact]
    public void A_receipt_for_as_many_devices_as_it_takes_fits_into_an_entry()
    {
        var body = new ReceiptBody { ReadUpTo = s_id };
        body.Delivered.AddRange(Enumerable.Range(0, Limits.ReceiptMarks).Select(_ => new DeliveredMark { Device = s_id, Seq = ulong.MaxValue }));
        ShouldFit(body);
    }

    [Fact]
    public void The_longest_text_as_an_answer_and_as_an_edit_fits_into_an_entry()
    {
        var text = new string('x', EntryLimits.MaxTextBytes);
        ShouldFit(new MessageBody { Text = text, ReplyTo = s_id });
        ShouldFit(new EditBody { Text = text, Target = s_id });
    }

    [Fact]
    public void A_report_of_the_longest_proof_fits_into_an_entry() =>
        ShouldFit(new EquivocationReportBody { Proof = Zeros(EntryLimits.MaxProofBytes) });

    [Fact]
    public void A_frontier_of_whatever_heads_is_one_that_is_read()
    {
        var devices = Gen.ListOf(Gen.Choose(1, 200)).Select(counts => counts.Take(20).ToList());
        Prop.ForAll(devices.ToArbitrary(), counts =>
        {
            var heads = counts.SelectMany((count, device) => Enumerable.Range(0, count).Select(head =>
                new FrontierHead(TestKeys.Device($"device {device}"), (ulong)head << 50, TestKeys.Entry($"{device}.{head}"))));
            Frontier.TryDecode(Frontier.From(heads).Encode(), out var read).ShouldBeTrue();
            read.IsCut.ShouldBe(counts.Exists(count => count >= EntryLimits.MaxFrontierHeadsOfOneDevice));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_frontier_of_more_devices_than_it_names_is_cut_to_one_that_is_read_and_fits_into_a_message()
    {
        var device = new byte[Bytes32.Size];
        var heads = Enumerable.Range(0, EntryLimits.MaxFrontierHeads + 100).Select(i =>
        {
            BitConverter.TryWriteBytes(device, i);
            return new FrontierHead(new DeviceId(device), ulong.MaxValue - 1, new EntryId(device));
        }).ToList();
        var encoded = Frontier.From(heads).Encode();
        encoded.Length.ShouldBeLessThanOrEqualTo(LinkOptions.MaxPayload);
        Frontier.TryDecode(encoded, out var read).ShouldBeTrue();
        read.IsCut.ShouldBeTrue();
    }

    [Fact]
    public void Every_message_of_a_channel_at_its_longest_is_one_that_a_link_takes()
    {
        var pull = new Pull();
        pull.ForkedDevices.AddRange(Enumerable.Repeat(s_id, Limits.RemoteDevices));
        var want = new Want();
        want.Entries.AddRange(Enumerable.Repeat(s_id, BodyRequests.MostAtOnce));
        var bodies = new Bodies { Considered = BodyRequests.MostAtOnce };
        bodies.Bodies_.Add(new Body { Entry = s_id, Sealed = Zeros(Limits.SegmentMessageBytes) });
        bodies.Bodies_.Add(new Body { Entry = s_id, Sealed = Zeros(EntryLimits.MaxBodyBytes) });
        bodies.Erased.AddRange(Enumerable.Repeat(s_id, BodyRequests.MostAtOnce));
        IMessage[] messages = [pull, want, bodies];
        messages.ShouldAllBe(message => message.CalculateSize() <= LinkOptions.MaxPayload);
        Limits.SegmentMessageMaxBytes.ShouldBeLessThanOrEqualTo(LinkOptions.MaxPayload);
        ChannelSecrets.Opening(Enumerable.Repeat(new byte[16], 100)).CalculateSize().ShouldBeLessThanOrEqualTo(LinkOptions.MaxChannelHandshake);
    }

    private static ByteString Zeros(int count) => ByteString.CopyFrom(new byte[count]);

    private static void ShouldFit(IMessage body) => body.CalculateSize().ShouldBeLessThanOrEqualTo(BodyCipher.MaxPlaintextBytes);
}
