using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DatagramPayloadTests
{
    [Fact]
    public void A_payload_fills_a_datagram_and_no_more()
    {
        TryReadQuery(DatagramKind.Ping, new DhtQuery { Padding = Zeros(1_174 - 3) }).ShouldBeTrue();
        TryReadQuery(DatagramKind.Ping, new DhtQuery { Padding = Zeros(1_174 - 2) }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void A_token_has_16_bytes(int size, bool isGood)
    {
        TryReadQuery(DatagramKind.Ping, new DhtQuery { Token = Zeros(size) }).ShouldBe(isGood);
        TryReadAnswer(DatagramKind.PingAnswer, new DhtAnswer { Token = Zeros(size) }).ShouldBe(isGood);
    }

    [Fact]
    public void A_query_is_no_answer_and_an_answer_no_query()
    {
        TryReadQuery(DatagramKind.PingAnswer, new DhtQuery()).ShouldBeFalse();
        TryReadAnswer(DatagramKind.Ping, new DhtAnswer()).ShouldBeFalse();
        DatagramPayload.TryReadAnswer(DatagramKind.PingAnswer, [0xFF, 0xFF], out _).ShouldBeFalse();
    }

    [Fact]
    public void Where_one_is_seen_is_said_together_with_a_token()
    {
        var endpoint = new byte[Endpoint.ShortSize];
        Endpoint.Parse("1.2.3.4:5").Write(endpoint);
        var (seen, token) = (ByteString.CopyFrom(endpoint), Zeros(16));
        TryReadAnswer(DatagramKind.PingAnswer, new DhtAnswer { Token = token, Observed = seen }).ShouldBeTrue();
        TryReadAnswer(DatagramKind.PingAnswer, new DhtAnswer { Observed = seen }).ShouldBeFalse();
        TryReadAnswer(DatagramKind.PingAnswer, new DhtAnswer { Token = token, Observed = Zeros(7) }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(8U, true)]
    [InlineData(9U, false)]
    public void The_answer_to_a_put_is_an_outcome_and_nothing_else(uint outcome, bool isGood)
    {
        TryReadAnswer(DatagramKind.PutAnswer, new DhtAnswer { Outcome = outcome }).ShouldBe(isGood);
        TryReadAnswer(DatagramKind.PutAnswer, new DhtAnswer { Outcome = outcome, Held = 1 }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void An_answer_names_at_most_20_contacts(int count, bool isGood)
    {
        var answer = new DhtAnswer();
        answer.Contacts.AddRange(Enumerable.Repeat(Zeros(38), count));
        TryReadAnswer(DatagramKind.FindNodeAnswer, answer).ShouldBe(isGood);
    }

    [Fact]
    public void A_query_that_is_long_anyway_is_not_padded()
    {
        var query = new DhtQuery { Target = Zeros(32), Known = Zeros(400) };
        DatagramPayload.Write(DatagramKind.FindNode, query).Length.ShouldBe(34 + 403);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(38)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1_000)]
    public void A_field_takes_what_is_reckoned_for_it(int length)
    {
        var answer = new DhtAnswer();
        answer.Contacts.Add(Zeros(length));
        DatagramPayload.FieldSize(length).ShouldBe(answer.CalculateSize());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(37)]
    [InlineData(38)]
    [InlineData(39)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(31)]
    [InlineData(0)]
    public void A_contact_is_a_key_and_an_endpoint(int length) => DhtContact.TryDecode(new byte[length], out _).ShouldBe(length is 38 or 50);

    private static ByteString Zeros(int length) => ByteString.CopyFrom(new byte[length]);

    private static bool TryReadQuery(DatagramKind kind, DhtQuery query) => DatagramPayload.TryReadQuery(kind, query.ToByteArray(), out _);

    private static bool TryReadAnswer(DatagramKind kind, DhtAnswer answer) => DatagramPayload.TryReadAnswer(kind, answer.ToByteArray(), out _);
}
