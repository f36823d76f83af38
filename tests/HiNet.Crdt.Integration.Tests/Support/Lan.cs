using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>Two network namespaces joined by a pair of interfaces, with IPv4 and IPv6 addresses from the ranges for documentation; gone with the test.</summary>
internal sealed class Lan : IDisposable
{
    private static int s_made;
    private readonly string _suffix = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}{Interlocked.Increment(ref s_made)}");
    private readonly TemporaryDirectory _directory = new();
    private readonly List<LanProcess> _processes = [];

    private Lan()
    {
    }

    internal string Left => "hinetl" + _suffix;

    internal string Right => "hinetr" + _suffix;

    internal string LeftInterface => "hnl" + _suffix;

    internal string RightInterface => "hnr" + _suffix;

    private string Bus => "unix:path=" + _directory.Combine("bus");

    /// <exception cref="InvalidOperationException">The system does not let us.</exception>
    internal static Lan Create()
    {
        var lan = new Lan();
        try
        {
            lan.Build();
            return lan;
        }
        catch
        {
            lan.Dispose();
            throw;
        }
    }

    /// <summary>Why such a network cannot be made here, or null.</summary>
    internal static string? Problem()
    {
        try
        {
            using var lan = Create();
            return null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            return failure.Message;
        }
    }

    internal static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var problem = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {problem.Trim()}");
        }
    }

    /// <summary>A program in a namespace, ended with the network at the latest.</summary>
    internal LanProcess Start(string space, params string[] command)
    {
        var process = new LanProcess("ip", ["netns", "exec", space, "env", "DBUS_SYSTEM_BUS_ADDRESS=" + Bus, .. command]);
        _processes.Add(process);
        return process;
    }

    /// <summary>LAN discovery of ours in a namespace.</summary>
    internal LanProcess StartOurs(string space, int port, params string[] secret) =>
        Start(space, [ChildProcess.DotNet(), typeof(Lan).Assembly.Location, LanChild.Verb, port.ToString(CultureInfo.InvariantCulture), .. secret]);

    /// <summary>A whole node of ours in a namespace.</summary>
    internal LanProcess StartNode(string space, string home, string name) =>
        Start(space, ChildProcess.DotNet(), typeof(Lan).Assembly.Location, LanNode.Verb, home, name);

    /// <summary>avahi in a namespace, on a message bus and with a run directory of its own; returns when it answers.</summary>
    internal async Task StartAvahiAsync(string space, string @interface)
    {
        File.WriteAllText(_directory.Combine("bus.conf"), $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>{Bus}</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
              </policy>
            </busconfig>
            """);
        File.WriteAllText(_directory.Combine("avahi.conf"), $"""
            [server]
            host-name=hinet-avahi
            use-ipv4=yes
            use-ipv6=yes
            allow-interfaces={@interface}
            [publish]
            publish-hinfo=no
            publish-workstation=no
            """);
        Start(space, "dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + _directory.Combine("bus.conf"));
        await Until.TrueAsync(() => File.Exists(_directory.Combine("bus")), "the message bus is up");
        Start(
            space, "sh", "-c",
            $"mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits --no-proc-title -f {_directory.Combine("avahi.conf")}");
        await Until.TrueAsync(() => Start(space, "avahi-browse", "--terminate", "--all", "--parsable").ExitCode() == 0, "avahi answers");
    }

    /// <summary>What avahi sees of our type, with addresses, line by line.</summary>
    internal LanProcess StartBrowse(string space) =>
        Start(space, "stdbuf", "-oL", "avahi-browse", "--resolve", "--parsable", "--no-db-lookup", "_hinet._udp");

    public void Dispose()
    {
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            _processes[i].Dispose();
        }

        foreach (var space in new[] { Left, Right })
        {
            try
            {
                // The interfaces go with the namespace.
                Ip("netns", "delete", space);
            }
            catch (InvalidOperationException)
            {
                // Was never made.
            }
        }

        _directory.Dispose();
    }

    private void Build()
    {
        Ip("netns", "add", Left);
        Ip("netns", "add", Right);
        Ip("link", "add", LeftInterface, "netns", Left, "type", "veth", "peer", "name", RightInterface, "netns", Right);
        foreach (var (space, @interface, number) in new[] { (Left, LeftInterface, 1), (Right, RightInterface, 2) })
        {
            Ip("-n", space, "address", "add", $"192.0.2.{number}/24", "dev", @interface);
            Ip("-n", space, "address", "add", $"2001:db8::{number}/64", "dev", @interface, "nodad");
            Ip("-n", space, "link", "set", "lo", "up");
            Ip("-n", space, "link", "set", @interface, "up");
        }
    }
}
