using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DatagramTests
{
    [Theory]
    [InlineData(57, DhtInstruments.RefusedSize)]
    [InlineData(58, "")]
    [InlineData(1_232, "")]
    [InlineData(1_233, DhtInstruments.RefusedSize)]
    public void A_datagram_has_58_to_1232_bytes(int size, string expected)
    {
        var bytes = new byte[size];
        (bytes[0], bytes[1]) = (1, 1);
        Datagram.TryRead(bytes, out _, out var problem).ShouldBe(expected.Length == 0);
        problem.ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 1, DhtInstruments.RefusedVersion)]
    [InlineData(2, 1, DhtInstruments.RefusedVersion)]
    [InlineData(1, 0, DhtInstruments.RefusedKind)]
    [InlineData(1, 5, DhtInstruments.RefusedKind)]
    [InlineData(1, 0x80, DhtInstruments.RefusedKind)]
    [InlineData(1, 0x85, DhtInstruments.RefusedKind)]
    public void Another_version_and_a_kind_that_does_not_exist_are_refused(int version, int kind, string expected)
    {
        var bytes = new byte[100];
        (bytes[0], bytes[1]) = ((byte)version, (byte)kind);
        Datagram.TryRead(bytes, out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(expected);
    }

    [Fact]
    public void A_payload_of_1174_bytes_is_the_longest_that_is_written()
    {
        Write(1_174).Length.ShouldBe(1_232);
        Should.Throw<ArgumentException>(() => Write(1_175));
    }

    private static byte[] Write(int payload) => Datagram.Write(TestKeys.Sodium, DatagramKind.Ping, 1, TestKeys.Named("key"), new byte[payload], []);
}
