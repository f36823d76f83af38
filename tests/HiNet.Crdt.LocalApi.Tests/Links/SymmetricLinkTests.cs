using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.LocalApi.Client;
using HiNet.Crdt.LocalApi.Links;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.LocalApi.Tests.Links;

public sealed class SymmetricLinkTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task Two_ends_that_both_begin_agree_on_who_answers(byte one, byte other)
    {
        var (left, right) = await PairAsync();
        var (leftLinks, rightLinks) = (new FakeLinks(one), new FakeLinks(other));
        await Task.WhenAll(
            SymmetricLink.RunAsync(leftLinks, left, Bounded.Token()),
            SymmetricLink.RunAsync(rightLinks, right, Bounded.Token()));
        leftLinks.Roles.ShouldBe(one < other ? [true, false] : [true]);
        rightLinks.Roles.ShouldBe(one < other ? [true] : [true, false]);
        (await leftLinks.Heard.Task).ShouldBe(other);
        (await rightLinks.Heard.Task).ShouldBe(one);
    }

    [Fact]
    public async Task An_end_that_only_answers_sees_an_ordinary_initiator()
    {
        var (left, right) = await PairAsync();
        var (leftLinks, rightLinks) = (new FakeLinks(1), new FakeLinks(2));
        await Task.WhenAll(
            SymmetricLink.RunAsync(leftLinks, left, Bounded.Token()),
            rightLinks.AttachAsync(right, isInitiator: false, Bounded.Token()));
        leftLinks.Roles.ShouldBe([true]);
        (await leftLinks.Heard.Task).ShouldBe((byte)2);

        // A socket that nobody holds any more may be collected, and that resets its connection.
        right.Dispose();
    }

    [Fact]
    public async Task A_stream_that_leads_back_to_itself_is_refused()
    {
        var (left, right) = await PairAsync();
        var echo = right.CopyToAsync(right);
        await Should.ThrowAsync<IOException>(() => SymmetricLink.RunAsync(new FakeLinks(1), left, Bounded.Token()));
        left.Dispose();
        await echo.WaitAsync(Bounded.Time);
    }

    [Fact]
    public async Task A_link_reaches_the_running_node_through_its_socket()
    {
        await using var served = await ServedNode.StartAsync();
        await using var client = new LocalApiClient(served.SocketPath);
        var (inner, outer) = await PairAsync();
        var far = new FakeLinks(9);
        await Task.WhenAll(
            client.AttachAsync(inner, Bounded.Token()),
            SymmetricLink.RunAsync(far, outer, Bounded.Token()));
        (await far.Heard.Task).ShouldBe((byte)1);
        (await served.Links.Heard.Task.WaitAsync(Bounded.Time)).ShouldBe((byte)9);
    }

    private static async Task<(NetworkStream Left, NetworkStream Right)> PairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        return (client.GetStream(), (await accepting).GetStream());
    }
}
