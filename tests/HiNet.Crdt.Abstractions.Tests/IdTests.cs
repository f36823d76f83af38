namespace HiNet.Crdt.Abstractions.Tests;

public class IdTests
{
    private static readonly byte[] Low = [.. Enumerable.Range(0, Bytes32.Size).Select(i => (byte)i)];
    private static readonly byte[] High = [.. Enumerable.Range(0, Bytes32.Size).Select(i => (byte)(255 - i))];

    [Fact]
    public void Each_id_is_written_as_64_hex_digits_and_read_back()
    {
        var digits = Convert.ToHexStringLower(High);
        new EntryId(High).ToString().ShouldBe(digits);
        (EntryId.TryParse(digits, out var entry) && entry == new EntryId(High)).ShouldBeTrue();
        new DeviceId(High).ToString().ShouldBe(digits);
        (DeviceId.TryParse(digits, out var device) && device == new DeviceId(High)).ShouldBeTrue();
        new NodeId(High).ToString().ShouldBe(digits);
        (NodeId.TryParse(digits, out var node) && node == new NodeId(High)).ShouldBeTrue();
        new IdentityId(High).ToString().ShouldBe(digits);
        (IdentityId.TryParse(digits, out var identity) && identity == new IdentityId(High)).ShouldBeTrue();
        new ConversationId(High).ToString().ShouldBe(digits);
        (ConversationId.TryParse(digits, out var conversation) && conversation == new ConversationId(High)).ShouldBeTrue();
    }

    [Fact]
    public void Ids_are_ordered_as_their_bytes()
    {
        new EntryId(Low).CompareTo(new EntryId(High)).ShouldBeLessThan(0);
        new DeviceId(Low).CompareTo(new DeviceId(High)).ShouldBeLessThan(0);
        new NodeId(Low).CompareTo(new NodeId(High)).ShouldBeLessThan(0);
        new IdentityId(Low).CompareTo(new IdentityId(High)).ShouldBeLessThan(0);
        new ConversationId(High).CompareTo(new ConversationId(Low)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Malformed_ids_are_refused()
    {
        EntryId.TryParse("no id", out _).ShouldBeFalse();
        DeviceId.TryParse(null, out _).ShouldBeFalse();
        ConversationId.TryParse("", out _).ShouldBeFalse();
    }
}
