using HiNet.Crdt.Integration.Tests.Support;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>LAN discovery between network namespaces, with avahi as the other implementation.</summary>
public sealed class LanDiscoveryTests
{
    [AvahiFact]
    public async Task Avahi_resolves_our_service_and_takes_our_goodbye()
    {
        using var lan = Lan.Create();
        await lan.StartAvahiAsync(lan.Left, lan.LeftInterface);
        var browse = lan.StartBrowse(lan.Left);
        var ours = lan.StartOurs(lan.Right, 4455);
        var name = await InstanceOfAsync(ours);
        var four = await browse.LineAsync(line => IsResolved(line, "IPv4", name), "our service over IPv4");
        var six = await browse.LineAsync(line => IsResolved(line, "IPv6", name), "our service over IPv6");
        foreach (var line in new[] { four, six })
        {
            // Which of the addresses it shows is its own choice.
            line.ShouldContain($";{name}.local;");
            line.ShouldContain(";4455;");
            line.ShouldContain("\"v=1\"");
            line.ShouldContain("\"n=");
        }

        await lan.Start(lan.Left, "avahi-resolve", "-4", "--name", name + ".local").LineAsync(line => line == $"{name}.local\t192.0.2.2", "our IPv4 address");
        await lan.Start(lan.Left, "avahi-resolve", "-6", "--name", name + ".local").LineAsync(line => line.StartsWith($"{name}.local\t", StringComparison.Ordinal), "our IPv6 address");
        ours.Finish().ShouldBe(0);
        await browse.LineAsync(line => line.StartsWith("-;", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal), "our goodbye");
    }

    [AvahiFact]
    public async Task We_find_what_avahi_publishes_and_take_its_goodbye()
    {
        using var lan = Lan.Create();
        await lan.StartAvahiAsync(lan.Left, lan.LeftInterface);
        var ours = lan.StartOurs(lan.Right, 4455);
        await InstanceOfAsync(ours);
        var publish = lan.Start(lan.Left, "avahi-publish", "--service", "another node", "_hinet._udp", "4477", "hello=world");
        await ours.LineAsync(line => line.StartsWith("found another node 0 ", StringComparison.Ordinal) && line.Contains("192.0.2.1:4477", StringComparison.Ordinal), "avahi's service");
        publish.Kill();
        await ours.LineAsync(line => line == "lost another node", "avahi's goodbye");
        ours.Finish().ShouldBe(0);
    }

    [AvahiFact]
    public async Task We_and_avahi_share_the_port_on_one_machine()
    {
        using var lan = Lan.Create();
        await lan.StartAvahiAsync(lan.Left, lan.LeftInterface);
        var browse = lan.StartBrowse(lan.Left);
        var beside = lan.StartOurs(lan.Left, 4455);
        var across = lan.StartOurs(lan.Right, 4466);
        lan.Start(lan.Left, "avahi-publish", "--service", "of avahi", "_hinet._udp", "4477");
        var (besideName, acrossName) = (await InstanceOfAsync(beside), await InstanceOfAsync(across));
        foreach (var name in new[] { besideName, acrossName })
        {
            await browse.LineAsync(line => IsResolved(line, "IPv4", name), "both of ours, to avahi");
        }

        await beside.LineAsync(line => line.StartsWith("found of avahi 0 ", StringComparison.Ordinal), "avahi's service, on the same machine");
        await across.LineAsync(line => line.StartsWith("found of avahi 0 ", StringComparison.Ordinal), "avahi's service, across");
        await beside.LineAsync(line => line.StartsWith($"found {acrossName} ", StringComparison.Ordinal), "the node across");
        await across.LineAsync(line => line.StartsWith($"found {besideName} ", StringComparison.Ordinal), "the node beside avahi");
        beside.Lines.ShouldNotContain(line => line.StartsWith($"found {besideName}", StringComparison.Ordinal));
    }

    [AvahiFact]
    public async Task Two_nodes_recognise_each_other_and_follow_a_change_of_address()
    {
        using var lan = Lan.Create();
        var left = lan.StartOurs(lan.Left, 4455, "secret");
        var right = lan.StartOurs(lan.Right, 4466, "secret");
        var stranger = lan.StartOurs(lan.Right, 4477, "another");
        var (leftName, strangerName) = (await InstanceOfAsync(left), await InstanceOfAsync(stranger));
        await right.LineAsync(line => line.StartsWith($"found {leftName} 1 ", StringComparison.Ordinal) && line.Contains("192.0.2.1:4455", StringComparison.Ordinal), "the other with the secret");
        await left.LineAsync(line => line.StartsWith($"found {strangerName} 0 ", StringComparison.Ordinal), "the stranger");
        await right.LineAsync(line => line.StartsWith($"found {leftName} 1 ", StringComparison.Ordinal) && line.Contains("[2001:db8::1]:4455", StringComparison.Ordinal), "its IPv6 address");
        Lan.Ip("-n", lan.Left, "address", "add", "192.0.2.77/24", "dev", lan.LeftInterface);
        await right.LineAsync(line => line.StartsWith($"found {leftName} 1 ", StringComparison.Ordinal) && line.Contains("192.0.2.77:4455", StringComparison.Ordinal), "its new address");
        left.Finish().ShouldBe(0);
        await right.LineAsync(line => line == $"lost {leftName}", "its goodbye");
    }

    [AvahiFact]
    public async Task A_port_that_cannot_be_had_is_one_warning_and_nothing_else()
    {
        using var lan = Lan.Create();
        var ours = lan.StartOurs(lan.Left, 4455, "secret", "alone");
        await InstanceOfAsync(ours);
        ours.Finish().ShouldBe(0);
        ours.Lines.Where(line => line.StartsWith("warning ", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldContain("UDP port 5353 cannot be had (another program uses it): stop the program that keeps it to itself");
    }

    [AvahiFact]
    public async Task A_network_that_comes_later_is_used()
    {
        using var lan = Lan.Create();
        Lan.Ip("-n", lan.Left, "link", "set", lan.LeftInterface, "down");
        var left = lan.StartOurs(lan.Left, 4455);
        var right = lan.StartOurs(lan.Right, 4466);
        await left.LineAsync(line => line.StartsWith("warning ", StringComparison.Ordinal) && line.Contains("no network interface", StringComparison.Ordinal), "that there is no network");
        Lan.Ip("-n", lan.Left, "link", "set", lan.LeftInterface, "up");
        await right.LineAsync(line => line.StartsWith("found ", StringComparison.Ordinal) && line.Contains("192.0.2.1:4455", StringComparison.Ordinal), "the node whose network came later");
        left.Lines.Count(line => line.StartsWith("warning ", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static async Task<string> InstanceOfAsync(LanProcess ours) =>
        (await ours.LineAsync(line => line.StartsWith("instance ", StringComparison.Ordinal), "its name"))["instance ".Length..];

    private static bool IsResolved(string line, string family, string name) =>
        line.StartsWith("=;", StringComparison.Ordinal) && line.Contains($";{family};{name};_hinet._udp;local;", StringComparison.Ordinal);
}
