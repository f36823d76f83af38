using System.Net;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Discovery;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Tests.Discovery;

public sealed class MdnsServiceTests
{
    [Fact]
    public async Task Without_an_interface_there_is_one_warning_and_nothing_else()
    {
        var log = new Warnings();
        var service = MdnsService.Start(new MdnsServiceOptions
        {
            ServicePort = 4455,
            Addresses = [IPAddress.Parse("192.0.2.250")],
            Logger = log,
        });
        await Until.TrueAsync(() => log.All.Count > 0);
        service.SetSecrets([new MdnsSecret(default, default)]);
        await service.DisposeAsync();
        await service.DisposeAsync();

        // Another program of this machine may keep the port to itself; that is one warning too.
        log.All.ShouldHaveSingleItem().ShouldStartWith("Nodes on the LAN are not ");
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    [InlineData("fe80::7%3")]
    public void Addresses_survive_the_way_into_the_core_and_back(string text)
    {
        var address = IPAddress.Parse(text);
        address.ToMdns().ToIPAddress(3).ShouldBe(address);
    }

    private sealed class Warnings : ILogger
    {
        private readonly Lock _gate = new();
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_gate)
                {
                    return [.. _all];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_gate)
            {
                if (IsEnabled(logLevel))
                {
                    _all.Add(formatter(state, exception));
                }
            }
        }
    }
}
