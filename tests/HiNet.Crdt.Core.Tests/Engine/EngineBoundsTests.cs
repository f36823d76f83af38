using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What nobody asked to be otherwise is as the guide to simulating says, under "Bounds".</summary>
public sealed class EngineBoundsTests
{
    private readonly EngineBounds _bounds = new();
    private readonly NodeCoreOptions _options = new();

    [Fact]
    public void Bounds_on_what_is_kept_of_a_conversation() =>
        (_bounds.ParkedEntries, _bounds.RefusedIds, _bounds.RecentEntries, _bounds.RemoteDevices, _bounds.OwnHeadClaims, _options.CausalBufferEntries)
            .ShouldBe((1_024, 4_096, 16_384, 65_536, 3, 65_536));

    [Fact]
    public void Bounds_on_what_is_kept_of_all_conversations() =>
        (_bounds.WaitingBytes, _bounds.RememberedBytes, _bounds.NewestBytes).ShouldBe((16L << 20, 16L << 20, 4L << 20));

    [Fact]
    public void Bounds_on_what_one_message_or_entry_holds()
    {
        (_bounds.SegmentWindowBytes, _bounds.SegmentMessageBytes, _bounds.SegmentMessageMaxBytes, _bounds.SegmentHorizon)
            .ShouldBe((4_194_304, 131_072, 4_194_304, 1_024));
        (_bounds.ReceiptMembers, _bounds.ReceiptMarks, _bounds.InvitationEpochs, _bounds.SupersededEpochs, _bounds.Parents)
            .ShouldBe((32, 1_024, 1_024, 256, 16));
    }

    [Fact]
    public void Bounds_on_people_and_links()
    {
        (_bounds.GenesisMembers, _bounds.Invites).ShouldBe((256, 1_000));
        (_bounds.Links, _bounds.Channels, _options.LinkWindowBytes).ShouldBe((512, 960, 4L << 20));
    }

    [Fact]
    public void Received_messages_are_gathered_for_a_quarter_of_a_second() => _options.ReceiptDelay.ShouldBe(TimeSpan.FromMilliseconds(250));
}
