using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Devices cost nothing: whoever has thousands keeps nobody from writing.</summary>
public sealed class HostileDeviceTests
{
    private const int CardsAnEntry = 250;

    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void However_many_devices_someone_introduces_at_once_others_go_on_writing()
    {
        // Each entry knows of none of the others, so that each may bring some.
        var head = Mallory.Head;
        for (var entry = 0; entry < 11; entry++)
        {
            Mallory.Head = head;
            Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Introduce), Introduction(entry))));
        }

        _scene.ShouldGoOn();
        _scene.Alice.Reader.Find(_scene.Group, _scene.Alice.Send(_scene.Group, "once more"))!.Text.ShouldBe("once more");
        _scene.Alice.Restart();
        _scene.Alice.Reader.Find(_scene.Group, _scene.Alice.Send(_scene.Group, "and again"))!.Text.ShouldBe("and again");
    }

    private IntroduceBody Introduction(int entry) => new()
    {
        Cards = { Enumerable.Range(0, CardsAnEntry).Select(card => ByteString.CopyFrom(TestKeys.AnotherCard(Mallory.Secrets, $"device {entry}.{card}").Encode())) },
    };
}
