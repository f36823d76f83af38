using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DhtWireTests
{
    private static readonly Arbitrary<Endpoint> s_endpoints = (
        from isShort in Gen.Elements(true, false)
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from gaps in Gen.Choose(0, 255)
        from port in Gen.Choose(0, ushort.MaxValue)
        select isShort
            ? Endpoint.FromIPv4((uint)low, (ushort)port)
            : new Endpoint(Sparse(high, low, gaps), (ushort)port)).ToArbitrary();

    [Fact]
    public void Any_endpoint_survives_text_and_wire() => Prop.ForAll(s_endpoints, endpoint =>
    {
        Endpoint.Parse(endpoint.ToString()).ShouldBe(endpoint);
        var bytes = new byte[endpoint.Size];
        endpoint.Write(bytes);
        Endpoint.TryRead(bytes, out var read).ShouldBeTrue();
        read.ShouldBe(endpoint);
        System.Net.IPEndPoint.Parse(endpoint.ToString()).Address.MapToIPv6().GetAddressBytes()
            .ShouldBe(new System.Net.IPAddress(Wide(endpoint.Address)).GetAddressBytes());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("[::1]:5", true)]
    [InlineData("127.0.0.1:5", true)]
    [InlineData("[2001:db8::1]:65535", true)]
    [InlineData("8.8.8.8:0", false)]
    [InlineData("0.0.0.0:5", false)]
    [InlineData("0.1.2.3:5", false)]
    [InlineData("224.0.0.1:5", false)]
    [InlineData("255.255.255.255:5", false)]
    [InlineData("[::]:5", false)]
    [InlineData("[ff02::1]:5", false)]
    [InlineData("[::8.8.8.8]:5", false)]
    public void Endpoints_that_nobody_can_have_are_known(string text, bool isUsable) => Endpoint.Parse(text).IsUsable.ShouldBe(isUsable);

    [Theory]
    [InlineData("")]
    [InlineData(":5")]
    [InlineData("1.2.3:5")]
    [InlineData("1.2.3.4.5:5")]
    [InlineData("1.2.3.256:5")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.3.4:65536")]
    [InlineData("1.2.3.4:-1")]
    [InlineData("1.2.3.4: 1")]
    [InlineData("::1:5")]
    [InlineData("[1::2::3]:5")]
    [InlineData("[1:2:3:4:5:6:7]:5")]
    [InlineData("[1:2:3:4:5:6:7:8:9]:5")]
    [InlineData("[12345::]:5")]
    [InlineData("[fe80::1%eth0]:5")]
    [InlineData("example.org:5")]
    public void What_is_no_endpoint_is_refused(string text) => Endpoint.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void The_long_form_of_an_IPv4_endpoint_is_refused()
    {
        var bytes = new byte[Endpoint.LongSize];
        bytes[10] = bytes[11] = 0xFF;
        bytes[12] = 8;
        Endpoint.TryRead(bytes, out _).ShouldBeFalse();
    }

    [Fact]
    public void Distance_orders_as_numbers_do() => Prop.ForAll<int, int, int>((a, b, c) =>
    {
        var (x, y, z) = (Id(a), Id(b), Id(c));
        var left = Number(x) ^ Number(y);
        var right = Number(x) ^ Number(z);
        Math.Sign(x.CompareDistances(y, z)).ShouldBe(left.CompareTo(right));
        DhtId.CommonPrefix(x, y).ShouldBe(left.IsZero ? 256 : 256 - (int)left.GetBitLength());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_id_with_a_prefix_shares_exactly_that_prefix() => Prop.ForAll(Gen.Choose(0, 255).ToArbitrary(), prefix =>
        DhtId.CommonPrefix(Id(1), Id(1).WithPrefix(prefix, Id(prefix + 2))).ShouldBe(prefix)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_longest_slot_fits_a_put_and_an_answer()
    {
        var slot = TestSlots.Of("t", "w", ulong.MaxValue, 30_000_000_000, DhtSlot.MaxSealedBytes).ToMessage();
        var put = new DhtQuery { Token = ByteString.CopyFrom(new byte[TokenIssuer.Size]), Slot = slot };
        (Datagram.HeaderSize + DatagramPayload.Write(DatagramKind.Put, put).Length).ShouldBeLessThanOrEqualTo(Datagram.MaxSize);
        var answer = new DhtAnswer { Held = 255 };
        answer.Slots.Add(slot);
        (Datagram.HeaderSize + answer.CalculateSize()).ShouldBeLessThanOrEqualTo(Datagram.MaxSize);
    }

    [Fact]
    public void A_query_without_a_token_is_long_enough_for_any_answer()
    {
        var query = new DhtQuery { Target = ByteString.CopyFrom(new byte[32]) };
        var size = Datagram.HeaderSize + DatagramPayload.Write(DatagramKind.FindNode, query).Length;
        (DhtNode.Amplification * size).ShouldBeGreaterThanOrEqualTo(Datagram.MaxSize);
        size.ShouldBe(DatagramPayload.UnprovenQuerySize);
    }

    [Fact]
    public void Fields_that_do_not_belong_to_a_kind_are_refused()
    {
        var find = new DhtQuery { Target = ByteString.CopyFrom(new byte[32]) }.ToByteArray();
        DatagramPayload.TryReadQuery(DatagramKind.FindNode, find, out _).ShouldBeTrue();
        DatagramPayload.TryReadQuery(DatagramKind.Ping, find, out _).ShouldBeFalse();
        DatagramPayload.TryReadQuery(DatagramKind.Put, find, out _).ShouldBeFalse();
        DatagramPayload.TryReadQuery(DatagramKind.FindNode, [], out _).ShouldBeFalse();
        DatagramPayload.TryReadQuery(DatagramKind.FindNode, [.. find, 0x7A, 0], out _).ShouldBeFalse();
        foreach (var (length, isGood) in new[] { (0, true), (2, true), (64, true), (1, false), (66, false) })
        {
            var known = new DhtQuery { Target = ByteString.CopyFrom(new byte[32]), Known = ByteString.CopyFrom(new byte[length]) }.ToByteArray();
            DatagramPayload.TryReadQuery(DatagramKind.FindNode, known, out _).ShouldBe(isGood);
            DatagramPayload.TryReadQuery(DatagramKind.Get, known, out _).ShouldBe(length == 0);
        }

        foreach (var (held, length, isGood) in new[] { (0U, 0, true), (1U, 16, true), (0U, 16, false), (1U, 0, false), (1U, 15, false) })
        {
            var told = new DhtAnswer { Held = held, Digest = ByteString.CopyFrom(new byte[length]) }.ToByteArray();
            DatagramPayload.TryReadAnswer(DatagramKind.FindNodeAnswer, told, out _).ShouldBe(isGood);
            DatagramPayload.TryReadAnswer(DatagramKind.GetAnswer, told, out _).ShouldBe(length == 0);
        }

        DatagramPayload.TryReadQuery(DatagramKind.Ping, new DhtQuery { Padding = ByteString.CopyFrom(1) }.ToByteArray(), out _).ShouldBeFalse();
        var contacts = new DhtAnswer();
        contacts.Contacts.AddRange(Enumerable.Repeat(ByteString.CopyFrom(new byte[38]), DatagramPayload.MaxContacts + 1));
        DatagramPayload.TryReadAnswer(DatagramKind.FindNodeAnswer, contacts.ToByteArray(), out _).ShouldBeFalse();
        DatagramPayload.TryReadAnswer(DatagramKind.PutAnswer, new DhtAnswer { Outcome = 99 }.ToByteArray(), out _).ShouldBeFalse();
    }

    private static DhtId Id(int seed) => new(TestKeys.Named($"id {seed}"));

    private static System.Numerics.BigInteger Number(DhtId id) => new(id.Value.ToArray(), isUnsigned: true, isBigEndian: true);

    private static UInt128 Sparse(int high, int low, int gaps)
    {
        UInt128 address = 0;
        for (var group = 0; group < 8; group++)
        {
            var word = (ushort)((group % 2 == 0 ? high : low) >> group);
            address = (address << 16) | ((gaps >> group & 1) == 1 ? (ushort)0 : word);
        }

        return address;
    }

    private static byte[] Wide(UInt128 address)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return bytes;
    }
}
