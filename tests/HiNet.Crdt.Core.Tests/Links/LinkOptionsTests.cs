using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class LinkOptionsTests
{
    [Fact]
    public void The_defaults_are_those_of_the_specification()
    {
        var options = new LinkOptions();
        options.HandshakeTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        options.KeepAlive.ShouldBe(TimeSpan.FromSeconds(15));
        options.ReceiveTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        options.MaxFrameBody.ShouldBe((8 * 1024 * 1024) + (64 * 1024));
        options.MaxChannels.ShouldBe(1024);
        options.MaxPendingBytes.ShouldBe(32 * 1024);
        options.ExpectedRemote.ShouldBeNull();
    }
}
