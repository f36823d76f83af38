using System.Numerics;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

/// <summary>Tickets that no encoder writes, under a right checksum.</summary>
public sealed class InviteTicketTests
{
    private const long Minute = 60_000;

    // One step, no name longer than a byte, a leaf index and an expiry of one byte each: so the places of the fields are known.
    private static readonly DeviceCard s_card = TestKeys.Card("alice", "phone", "A", leafIndex: 5);
    private static readonly int s_leafIndexAt = 1 + 32 + 32 + 32 + 64 + 32;
    private static readonly int s_expiryAt = s_leafIndexAt + 1 + 1 + 1 + 64 + 16;

    [Fact]
    public void A_ticket_that_ends_early_is_malformed_wherever_it_ends()
    {
        var ticket = TicketOf("1.2.3.4:5", "host:6");
        IsRead(ticket).ShouldBeTrue();
        for (var length = 0; length < ticket.Length; length++)
        {
            IsRead(ticket[..length]).ShouldBeFalse($"{length} of {ticket.Length} bytes");
        }

        IsRead([.. ticket, 0]).ShouldBeFalse();
    }

    [Fact]
    public void A_ticket_that_never_expires_is_malformed()
    {
        var ticket = TicketOf();
        ticket[s_expiryAt].ShouldBe((byte)7);
        IsRead([.. ticket[..s_expiryAt], 0]).ShouldBeFalse();
        IsRead([.. ticket[..s_expiryAt], 1]).ShouldBeTrue();
        IsRead([.. ticket[..s_expiryAt], .. Varint((ulong)(long.MaxValue / Minute))]).ShouldBeTrue();
        IsRead([.. ticket[..s_expiryAt], .. Varint((ulong)(long.MaxValue / Minute) + 1)]).ShouldBeFalse();
        IsRead([.. ticket[..s_expiryAt], .. Varint(ulong.MaxValue)]).ShouldBeFalse();
    }

    [Fact]
    public void A_number_is_written_with_as_few_bytes_as_it_needs()
    {
        var ticket = TicketOf();
        ticket[s_leafIndexAt].ShouldBe((byte)5);
        IsRead([.. ticket[..s_leafIndexAt], 0x85, 0, .. ticket[(s_leafIndexAt + 1)..]]).ShouldBeFalse();
        IsRead([.. ticket[..s_leafIndexAt], .. Varint(1UL << 32), .. ticket[(s_leafIndexAt + 1)..]]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(127u, 1)]
    [InlineData(128u, 2)]
    [InlineData(16_383u, 2)]
    [InlineData(16_384u, 3)]
    public void A_number_grows_by_a_byte_for_each_seven_bits(uint leafIndex, int size)
    {
        var invite = Invite.From(TestKeys.Card("alice", "phone", "A", leafIndex), Secret(), 7 * Minute, []);
        (Ticket(invite).Length - TicketOf().Length).ShouldBe(size - 1);
        Invite.TryParse(invite.ToString(), out var read, out _).ShouldBeTrue();
        read.Card.LeafIndex.ShouldBe(leafIndex);
    }

    [Fact]
    public void More_addresses_than_an_invite_may_have_are_malformed()
    {
        byte[] address = [0, 1, 2, 3, 4, 0, 5];
        for (var count = 0; count <= 15; count++)
        {
            var ticket = TicketOf();
            ticket[0] |= (byte)(count << 2);
            IsRead([.. ticket, .. Enumerable.Repeat(address, count).SelectMany(bytes => bytes)]).ShouldBe(count <= Invite.MaxAddresses, $"{count} addresses");
        }
    }

    [Fact]
    public void An_address_or_a_name_that_an_invite_cannot_have_is_malformed()
    {
        var address = TicketOf("host:6");
        IsRead(address).ShouldBeTrue();
        address[^2].ShouldBe((byte)':');
        address[^2] = (byte)' ';
        IsRead(address).ShouldBeFalse();

        var name = TicketOf();
        name[s_leafIndexAt + 2].ShouldBe((byte)'A');
        name[s_leafIndexAt + 2] = (byte)' ';
        IsRead(name).ShouldBeFalse();
    }

    [Theory]
    [InlineData("999.1.2.3:4")]
    [InlineData("1.2.3.4:99999")]
    [InlineData("a.b.c.d:5")]
    [InlineData("1:2:3:4:5")]
    public void An_address_that_only_looks_like_numbers_is_kept_as_it_is(string address)
    {
        var invite = Invite.From(s_card, Secret(), 7 * Minute, [address]);
        Invite.TryParse(invite.ToString(), out var read, out var problem).ShouldBeTrue(problem);
        read.Addresses.ShouldBe([address]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(Minute - 1, 1)]
    [InlineData(Minute, 1)]
    [InlineData((2 * Minute) - 1, 1)]
    [InlineData(2 * Minute, 2)]
    public void An_expiry_is_in_whole_minutes_and_at_least_one(long milliseconds, long minutes) =>
        Invite.From(s_card, Secret(), milliseconds, []).ExpiresUnixMilliseconds.ShouldBe(minutes * Minute);

    [Fact]
    public void A_text_of_the_longest_length_is_read_to_its_end()
    {
        var text = Invite.From(s_card, Secret(), Minute, []).ToString();
        Invite.TryParse(text.PadRight(Invite.MaxTextLength), out _, out var problem).ShouldBeTrue(problem);
        Invite.TryParse(text.PadRight(Invite.MaxTextLength + 1), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_text_without_a_version_is_no_invite()
    {
        foreach (var text in new[] { "hinet", "hinetx", "hinet\u0662" })
        {
            Invite.TryParse(text, out _, out var problem).ShouldBeFalse();
            problem.ShouldContain("begins with hinet2");
        }
    }

    [Fact]
    public void A_checksum_of_nothing_is_malformed()
    {
        Invite.TryParse("hinet2" + Base32.Encode(BitConverter.GetBytes(ChecksumOf([]))), out _, out var problem).ShouldBeFalse();
        problem.ShouldContain("copy the whole of it again");
    }

    private static Bytes32 Secret() => new((byte[])[.. TestKeys.Named("secret").ToArray()[..16], .. new byte[16]]);

    private static byte[] TicketOf(params string[] addresses) => Ticket(Invite.From(s_card, Secret(), 7 * Minute, addresses));

    private static byte[] Ticket(Invite invite)
    {
        Base32.TryDecode(invite.ToString().AsSpan(6), out var bytes).ShouldBeTrue();
        return bytes[..^4];
    }

    private static bool IsRead(byte[] ticket) =>
        Invite.TryParse("hinet2" + Base32.Encode([.. ticket, .. BitConverter.GetBytes(ChecksumOf(ticket))]), out _, out _);

    private static uint ChecksumOf(byte[] bytes) => ~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C);

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
