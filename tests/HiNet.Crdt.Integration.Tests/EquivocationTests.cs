using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>A home was copied, and both copies are in use.</summary>
public sealed class EquivocationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Two_copies_of_a_home_are_found_out_and_everyone_still_converges()
    {
        var (home, copy) = (_directory.Combine("home"), _directory.Combine("copy"));
        // Carol is met at an address at which nobody is later, so that the copies write before they are linked.
        using var proxy = new DamagingProxy();
        await using var carol = await Nodes.StartBehindAsync(proxy, _directory.Combine("carol"), "Carol");
        DeviceId device;
        await using (var original = await Nodes.StartAsync(home, "Alice"))
        {
            device = original.Device;
            await Nodes.MeetAsync(carol, original);
            var (hers, carols) = await Nodes.OpenDirectAsync(original, carol);
            await hers.SendAsync("before");
            await Nodes.ConvergeAsync(hers, carols);
        }

        proxy.Dispose();

        HomeTests.CopyHome(home, copy);
        await using var one = await Nodes.StartAsync(home);
        await using var two = await Nodes.StartAsync(copy);
        two.Device.ShouldBe(one.Device);
        var atOne = await one.OpenDirectAsync(carol.Self.Id);
        var atTwo = await two.OpenDirectAsync(carol.Self.Id);
        var atCarol = await carol.OpenDirectAsync(one.Self.Id);
        using var seen = new Listener(atCarol.EventsFrom(EventCursor.Start));
        for (var number = 0; number < 5; number++)
        {
            await atOne.SendAsync($"one {number}");
            await atTwo.SendAsync($"two {number}");
        }

        await one.LinkAsync(carol.ListenAddress!);
        await two.LinkAsync(carol.ListenAddress!);

        await Until.TrueAsync(() => seen.All<EquivocationDetected>().Count > 0, "the third node finds the fork");
        var found = seen.All<EquivocationDetected>()[0];
        found.Device.ShouldBe(device);
        found.Author.Id.ShouldBe(one.Self.Id);
        found.First.ShouldNotBe(found.Second);
        await Nodes.ConvergeAsync(atCarol, atOne, atTwo);
        string[] texts = ["before", .. Enumerable.Range(0, 5).SelectMany(number => new[] { $"one {number}", $"two {number}" })];
        foreach (var replica in (IConversation[])[atCarol, atOne, atTwo])
        {
            replica.ReadAll().Select(message => message.Text).ShouldBe(texts, ignoreOrder: true);
            replica.GetStatus().Frontier.Count(head => head.Device == device).ShouldBeGreaterThan(1);
        }
    }
}
