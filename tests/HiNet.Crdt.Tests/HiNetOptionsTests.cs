using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Tests;

public sealed class HiNetOptionsTests
{
    private static readonly HiNetOptions Valid = new() { Store = new InMemoryStore() };

    public static TheoryData<HiNetOptions, string> Problems => new()
    {
        { new HiNetOptions(), "set Store" },
        { Valid with { Name = string.Empty }, "set Name" },
        { Valid with { Name = new string('x', 65) }, "set Name" },
        { Valid with { Passphrase = string.Empty }, "set Passphrase" },
        { Valid with { Listen = "nowhere" }, "Listen: " },
        { Valid with { Listen = "host:70000" }, "Listen: " },
        { Valid with { Bootstrap = ["a:1", "b:0"] }, "Bootstrap: " },
        { Valid with { Bootstrap = null! }, "Bootstrap is null" },
        { Valid with { AdvertisedAddresses = ["::1:9"] }, "AdvertisedAddresses: " },
        { Valid with { AdvertisedAddresses = [.. Enumerable.Repeat("a:1", 65)] }, "AdvertisedAddresses is null or has more" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task A_problem_is_one_sentence_that_names_the_option(HiNetOptions options, string part)
    {
        var failure = Should.Throw<InvalidOptionsException>(options.Validate);
        failure.Message.ShouldContain(part);
        failure.Message.ShouldEndWith(".");
        (await Should.ThrowAsync<InvalidOptionsException>(() => HiNetNode.StartAsync(options))).Message.ShouldBe(failure.Message);
    }

    [Fact]
    public void Defaults_need_a_store_only() => Valid.Validate();

    [Fact]
    public void Secrets_are_not_printed()
    {
        var text = (Valid with { Passphrase = "open sesame", RecoveryPhrase = "abandon ability" }).ToString();
        text.ShouldNotContain("sesame");
        text.ShouldNotContain("abandon");
    }
}
