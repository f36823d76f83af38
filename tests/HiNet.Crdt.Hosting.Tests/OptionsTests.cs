using HiNet.Crdt.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HiNet.Crdt.Hosting.Tests;

/// <summary>Wrong options are refused before the node starts, each with a sentence that says what to do.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void Good_options_pass()
    {
        var options = Read(
            o =>
            {
                o.Name = "alice";
                o.Listen = "[::]:0";
                o.Bootstrap.Add("example.org:4000");
                o.Bootstrap.Add("[::1]:4000");
                o.RecoveryPhrase = string.Join(' ', Enumerable.Repeat("word", 24));
            });
        options.SendReceipts.ShouldBeTrue();
        options.Bootstrap.Count.ShouldBe(2);
    }

    [Fact]
    public void A_host_without_a_store_is_told_how_to_get_one()
    {
        var services = new ServiceCollection();
        services.AddHiNet();
        Refusal(services).ShouldContain("UseRocksDb");
    }

    [Fact]
    public void Two_stores_are_one_too_many()
    {
        var services = new ServiceCollection();
        services.AddHiNet().UseStore(new InMemoryStore()).UseRocksDb("somewhere");
        Refusal(services).ShouldContain("once");
    }

    [Theory]
    [InlineData("4000")]
    [InlineData("localhost")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:x")]
    [InlineData("::1:4000")]
    [InlineData(":4000")]
    public void A_malformed_address_is_shown(string address)
    {
        Refusal(o => o.Listen = address).ShouldStartWith("Listen: ");
        Refusal(o => o.Bootstrap.Add(address)).ShouldStartWith("Bootstrap: ");
    }

    [Fact]
    public void Other_options_have_their_sentences_too()
    {
        Refusal(o => o.Name = "\u0007").ShouldContain("Name");
        Refusal(o => o.Passphrase = string.Empty).ShouldContain("Passphrase");
        Refusal(o => o.RecoveryPhrase = "only three words").ShouldContain("3 words");
        Refusal(o => o.AdvertisedAddresses.Add("localhost:0")).ShouldContain("1 to 65535");
    }

    private static HiNetHostingOptions Read(Action<HiNetHostingOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddHiNet(configure).UseStore(new InMemoryStore());
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<HiNetHostingOptions>>().Value;
    }

    private static string Refusal(Action<HiNetHostingOptions> configure) =>
        Should.Throw<OptionsValidationException>(() => Read(configure)).Message;

    private static string Refusal(ServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        return Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<HiNetHostingOptions>>().Value).Message;
    }
}
