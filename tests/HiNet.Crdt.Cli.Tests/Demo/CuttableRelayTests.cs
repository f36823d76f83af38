using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Cli.Demo;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.Cli.Tests.Demo;

public sealed class CuttableRelayTests
{
    [Fact]
    public async Task A_cut_cable_breaks_what_is_open_and_refuses_until_it_is_mended()
    {
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        using var cable = new CuttableRelay { Target = target.LocalEndpoint.ToString()! };
        var (near, far) = await ConnectAsync(cable, target);
        await near.WriteAsync(new byte[] { 7 }, Bounded.Token());
        (await ReadAsync(far)).ShouldBe(7);

        cable.Cut();
        (await ReadAsync(far)).ShouldBe(-1);
        using var refused = new TcpClient();
        await refused.ConnectAsync(IPEndPoint.Parse(cable.Address));
        (await ReadAsync(refused.GetStream())).ShouldBe(-1);

        cable.Mend();
        (near, far) = await ConnectAsync(cable, target);
        await far.WriteAsync(new byte[] { 8 }, Bounded.Token());
        (await ReadAsync(near)).ShouldBe(8);
    }

    private static async Task<(NetworkStream Near, NetworkStream Far)> ConnectAsync(CuttableRelay cable, TcpListener target)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(cable.Address));
        var far = await target.AcceptTcpClientAsync(Bounded.Token());
        return (client.GetStream(), far.GetStream());
    }

    private static async Task<int> ReadAsync(NetworkStream stream)
    {
        var one = new byte[1];
        try
        {
            return await stream.ReadAsync(one, Bounded.Token()) == 0 ? -1 : one[0];
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
