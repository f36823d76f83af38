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
        four.ShouldContain($";{name}.local;192.0.2.2;4455;");
        four.ShouldContain("\"v=1\"");
        four.ShouldContain("\"n=");
        six.ShouldContain($";{name}.local;");
        six.ShouldContain(";4455;");
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

    private static async Task<string> InstanceOfAsync(LanProcess ours) =>
        (await ours.LineAsync(line => line.StartsWith("instance ", StringComparison.Ordinal), "its name"))["instance ".Length..];

    private static bool IsResolved(string line, string family, string name) =>
        line.StartsWith("=;", StringComparison.Ordinal) && line.Contains($";{family};{name};_hinet._udp;local;", StringComparison.Ordinal);
}
