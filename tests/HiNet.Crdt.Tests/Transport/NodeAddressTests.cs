using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Tests.Transport;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:4455", "127.0.0.1", 4455)]
    [InlineData("[::1]:65535", "::1", 65535)]
    [InlineData("node-7.example.org:1", "node-7.example.org", 1)]
    [InlineData("localhost:80", "localhost", 80)]
    public void What_is_written_as_host_and_port_is_read_and_written_again(string text, string host, int port)
    {
        var address = NodeAddress.Parse(text);
        address.ShouldBe(new NodeAddress(host, port));
        address.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData(" ", "empty")]
    [InlineData("127.0.0.1", "has no port")]
    [InlineData("[::1]", "has no port")]
    [InlineData("::1:80", "brackets")]
    [InlineData("[127.0.0.1]:80", "no IPv6 address")]
    [InlineData("[::1:80", "brackets")]
    [InlineData(":80", "no valid host")]
    [InlineData("a b:80", "no valid host")]
    [InlineData("host:0", "1 to 65535")]
    [InlineData("host:65536", "1 to 65535")]
    [InlineData("host:-1", "1 to 65535")]
    [InlineData("host:", "1 to 65535")]
    [InlineData("host:99999999999999999999", "1 to 65535")]
    public void What_is_not_says_what_is_wrong(string? text, string problem)
    {
        var failure = Should.Throw<InvalidAddressException>(() => NodeAddress.Parse(text));
        failure.Message.ShouldContain(problem);
        failure.Message.ShouldEndWith(".");
    }

    [Fact]
    public void Port_0_is_for_listening_only() => NodeAddress.Parse("127.0.0.1:0", forListening: true).Port.ShouldBe(0);

    [Fact]
    public void Control_characters_do_not_reach_the_sentence() =>
        Should.Throw<InvalidAddressException>(() => NodeAddress.Parse("a\u001b[2J:80")).Message.ShouldNotContain("\u001b");

    [Fact]
    public void An_endless_address_is_not_repeated() =>
        Should.Throw<InvalidAddressException>(() => NodeAddress.Parse(new string('a', 1_000_000) + ":80")).Message.Length.ShouldBeLessThan(200);
}
