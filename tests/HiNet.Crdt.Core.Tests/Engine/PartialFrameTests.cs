using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Whoever announces a long frame and sends no more than its beginning makes a node keep that, and so much in all.</summary>
public sealed class PartialFrameTests
{
    private const int HeaderSize = 3;
    private const int Length = 256 << 10;

    private readonly HostileScene _scene = new();

    private LoopbackNode Alice => _scene.Alice;

    [Fact]
    public void All_links_together_keep_so_much_of_frames_and_strangers_give_way_before_a_member()
    {
        var member = _scene.Mallory.Link(Alice);
        member.SendRaw(Beginning(8 << 20, 1 << 20));
        var before = Alice.Core.KeptBytes;
        HostilePeer[] strangers = [.. Enumerable.Range(0, 300).Select(_ => Stranger())];
        foreach (var stranger in strangers)
        {
            stranger.SendRaw(Beginning(Length, Length - 1));
        }

        (Alice.Core.KeptBytes - before).ShouldBeLessThan(Limits.PartialFrameBytes + (300 * 8_192));
        Alice.Hits("link.partial.frames").ShouldBeGreaterThan(0);
        strangers.Count(stranger => stranger.IsLinked).ShouldBeInRange(1, 299);
        member.IsLinked.ShouldBeTrue();
        _scene.Bob.IsLinked.ShouldBeTrue();
    }

    [Fact]
    public void Room_goes_back_with_the_links_that_took_it()
    {
        for (var round = 0; round < 3; round++)
        {
            HostilePeer[] strangers = [.. Enumerable.Range(0, 100).Select(_ => Stranger())];
            foreach (var stranger in strangers)
            {
                stranger.SendRaw(Beginning(Length, Length - 1));
            }

            strangers.ShouldAllBe(stranger => stranger.IsLinked);
            foreach (var stranger in strangers)
            {
                stranger.Unlink();
            }
        }

        Alice.Hits("link.partial.frames").ShouldBe(0);
    }

    private static byte[] Beginning(int length, int sent)
    {
        var bytes = new byte[HeaderSize + sent];
        (bytes[0], bytes[1], bytes[2]) = ((byte)length, (byte)(length >> 8), (byte)(length >> 16));
        return bytes;
    }

    private HostilePeer Stranger() =>
        new HostilePeer(_scene.World, _scene.Mallory.Secrets, Alice, _scene.Group, new byte[32]) { Proves = false }.Link();
}
