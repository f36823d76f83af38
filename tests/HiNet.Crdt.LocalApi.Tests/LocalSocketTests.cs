using System.Net.Sockets;
using HiNet.Crdt.LocalApi.Client;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.LocalApi.Tests;

public sealed class LocalSocketTests
{
    [Fact]
    public void A_short_home_holds_its_socket() =>
        LocalSocket.PathFor("/home/alice/.hinet/").ShouldBe("/home/alice/.hinet/node.sock");

    [Fact]
    public void A_long_home_falls_back_to_a_short_path_that_both_sides_find()
    {
        var home = "/home/" + new string('x', 120);
        var path = LocalSocket.PathFor(home);
        path.Length.ShouldBeLessThanOrEqualTo(LocalSocket.LongestPath);
        path.ShouldStartWith("/tmp/hinet-");
        LocalSocket.PathFor(home + "/").ShouldBe(path);
        LocalSocket.PathFor(home + "y").ShouldNotBe(path);
    }

    [Fact]
    public void The_bound_counts_bytes_and_not_letters() =>
        LocalSocket.PathFor("/home/" + new string('ä', 60)).ShouldStartWith("/tmp/hinet-");

    [Fact]
    public async Task A_node_with_a_long_home_is_reached()
    {
        var home = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), new string('h', 60), new string('i', 60))).FullName;
        await using var served = await ServedNode.StartAsync(home);
        await using var client = await LocalApiClient.TryConnectAsync(home);
        client.ShouldNotBeNull();
        (await client.GetNodeAsync()).Name.ShouldBe("alice");
    }

    [Fact]
    public void A_folder_in_tmp_that_is_a_link_is_refused_and_what_it_leads_to_left_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var path = LocalSocket.PathFor("/home/" + new string('z', 120) + Guid.NewGuid());
        var target = Directory.CreateTempSubdirectory("hinet-test-");
        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(target.FullName, Open);
        var socket = Path.Combine(target.FullName, Path.GetFileName(path));
        File.WriteAllBytes(socket, []);
        var link = Path.GetDirectoryName(path)!;
        Directory.CreateSymbolicLink(link, target.FullName);
        try
        {
            Should.Throw<LocalApiException>(() => LocalSocket.Prepare(path)).Message.ShouldContain("is not this user's own");
            File.GetUnixFileMode(target.FullName).ShouldBe(Open);
            File.Exists(socket).ShouldBeTrue();
        }
        finally
        {
            File.Delete(link);
            target.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Who_listens_is_told_from_everybody_else()
    {
        await using var served = await ServedNode.StartAsync();
        using var socket = await LocalSocket.TryConnectAsync(served.SocketPath);
        LocalSocket.IsServedBy(socket!, LocalSocket.UserOfProcess()).ShouldBeTrue();
        LocalSocket.IsServedBy(socket!, LocalSocket.UserOfProcess() + 1).ShouldBeFalse();
    }

    [Fact]
    public async Task The_socket_is_for_its_user_only()
    {
        await using var served = await ServedNode.StartAsync();
        File.GetUnixFileMode(served.SocketPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(served.Home).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_socket_left_by_a_killed_process_counts_as_no_node_and_is_replaced()
    {
        var home = Directory.CreateTempSubdirectory("hinet-test-").FullName;
        var path = LocalSocket.PathFor(home);
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
        }

        if (!File.Exists(path))
        {
            await File.WriteAllBytesAsync(path, []);
        }

        (await LocalApiClient.TryConnectAsync(home)).ShouldBeNull();
        await using var served = await ServedNode.StartAsync(home);
        await using var client = await LocalApiClient.TryConnectAsync(home);
        client.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_stopped_node_leaves_no_socket_behind()
    {
        var home = Directory.CreateTempSubdirectory("hinet-test-").FullName;
        await using (await ServedNode.StartAsync(home))
        {
        }

        File.Exists(LocalSocket.PathFor(home)).ShouldBeFalse();
    }
}
