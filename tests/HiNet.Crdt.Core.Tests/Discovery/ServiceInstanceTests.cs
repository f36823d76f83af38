using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class ServiceInstanceTests
{
    private static readonly DnsName s_name = OwnService.Type.Under("a");
    private static readonly DnsName s_host = DnsName.Of("host", "local");
    private static readonly DnsData.Service s_service = new(0, 0, 4455, s_host);
    private static readonly DnsData.Text s_text = new("\u0003v=1"u8.ToArray());
    private readonly LinkBench _bench = new();
    private readonly Instant _start;
    private readonly ServiceInstance _instance;

    public ServiceInstanceTests()
    {
        _start = _bench.Now;
        _instance = new ServiceInstance(s_name, LinkBench.Address("192.0.2.9"), Record(new DnsData.Pointer(s_name), 4500), _start);
    }

    [Fact]
    public void What_is_missing_is_asked_for_four_times_at_growing_intervals_and_then_given_up()
    {
        foreach (var seconds in new[] { 0, 1, 3, 7 })
        {
            _instance.Next.ShouldBe(At(seconds));
            _instance.IsGivenUp(At(seconds)).ShouldBeFalse();
            Asked(seconds).ShouldBe([new DnsQuestion(s_name, DnsType.Service), new DnsQuestion(s_name, DnsType.Text)]);
            Asked((seconds * 2) + 0.999).ShouldBeEmpty();
        }

        _instance.IsGivenUp(At(14.999)).ShouldBeFalse();
        _instance.IsGivenUp(At(15)).ShouldBeTrue();
        Asked(15).ShouldBeEmpty();
        Asked(16).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_was_resolved_by_the_last_question_is_not_given_up()
    {
        foreach (var seconds in new[] { 0, 1, 3, 7 })
        {
            Asked(seconds);
        }

        Resolve();
        _instance.IsGivenUp(At(15)).ShouldBeFalse();
        Asked(15).ShouldBeEmpty();
    }

    [Fact]
    public void Addresses_are_asked_for_once_it_is_known_whose()
    {
        _instance.SetService(Record(s_service, 4500));
        _instance.SetText(Record(s_text, 4500));
        Asked(0).ShouldBe([new DnsQuestion(s_host, DnsType.A), new DnsQuestion(s_host, DnsType.Aaaa)]);
        Asked(0.5).ShouldBeEmpty();
        _instance.SetAddress(Address("192.0.2.9"));
        Asked(1).ShouldBeEmpty();
    }

    [Fact]
    public void With_an_address_no_other_is_asked_for()
    {
        _instance.SetService(Record(s_service, 4500));
        _instance.SetAddress(Address("192.0.2.9"));
        Asked(0).ShouldBe([new DnsQuestion(s_name, DnsType.Text)]);
    }

    [Theory]
    [InlineData("service", new[] { DnsType.Service })]
    [InlineData("text", new[] { DnsType.Text })]
    [InlineData("192.0.2.9", new[] { DnsType.A })]
    [InlineData("2001:db8::9", new[] { DnsType.Aaaa })]
    public void Only_what_is_about_to_end_is_asked_for_again(string what, ushort[] types)
    {
        _instance.SetService(Record(s_service, what == "service" ? 100u : 4500));
        _instance.SetText(Record(s_text, what == "text" ? 100u : 4500));
        foreach (var address in new[] { "192.0.2.9", "192.0.2.10", "2001:db8::9", "2001:db8::10" })
        {
            _instance.SetAddress(Address(address, what == address ? 100u : 4500));
        }

        _instance.Next.ShouldBe(At(80));
        Asked(79).ShouldBeEmpty();
        Asked(80).Select(question => question.Type).ShouldBe(types);
        Asked(80).ShouldBeEmpty();
        _instance.Next.ShouldBe(At(85));
    }

    [Fact]
    public void A_service_elsewhere_has_other_addresses()
    {
        Resolve();
        _instance.SetService(Record(s_service, 4500)).ShouldBeFalse();
        _instance.SetService(Record(s_service with { Port = 4466 }, 4500)).ShouldBeTrue();
        _instance.Addresses.Count.ShouldBe(1);
        _instance.SetService(Record(s_service with { Target = DnsName.Of("other", "local") }, 4500)).ShouldBeTrue();
        _instance.Addresses.ShouldBeEmpty();
        _instance.IsResolved.ShouldBeFalse();
    }

    [Fact]
    public void A_text_is_new_when_its_bytes_are()
    {
        _instance.SetText(Record(s_text, 4500)).ShouldBeTrue();
        _instance.SetText(Record(new DnsData.Text(s_text.Bytes.ToArray()), 4500)).ShouldBeFalse();
        _instance.SetText(Record(new DnsData.Text(new byte[1]), 4500)).ShouldBeTrue();
        _instance.Text!.Data.ShouldBe(new DnsData.Text(new byte[1]));
    }

    [Fact]
    public void Eight_addresses_are_kept_and_renewed_and_a_ninth_has_no_place()
    {
        for (var i = 1; i <= 8; i++)
        {
            _instance.SetAddress(Address($"192.0.2.{i}")).ShouldBe(true);
        }

        _instance.SetAddress(Address("192.0.2.9")).ShouldBeNull();
        for (var i = 1; i <= 8; i++)
        {
            var renewed = Address($"192.0.2.{i}");
            _instance.SetAddress(renewed).ShouldBe(false);
            _instance.Addresses[i - 1].ShouldBeSameAs(renewed);
        }

        _instance.Addresses.Count.ShouldBe(8);
    }

    [Fact]
    public void A_flush_ends_what_was_heard_more_than_a_second_ago_and_is_of_its_type()
    {
        _instance.SetAddress(Address("192.0.2.1"));
        _instance.SetAddress(Address("2001:db8::1"));
        _instance.FlushAddresses(DnsType.A, At(1));
        _instance.Addresses.ShouldAllBe(address => address.Expires == At(4500));
        _instance.FlushAddresses(DnsType.A, At(1.1));
        _instance.Addresses.Select(address => address.Expires).ShouldBe([At(2.1), At(4500)]);
    }

    [Fact]
    public void Each_part_that_is_over_is_dropped_and_said()
    {
        _instance.SetService(Record(s_service, 10));
        _instance.SetText(Record(s_text, 20));
        _instance.SetAddress(Address("192.0.2.9", 30));
        _instance.Expire(At(9)).ShouldBeFalse();
        _instance.Expire(At(10)).ShouldBeTrue();
        _instance.Service.ShouldBeNull();
        _instance.Expire(At(11)).ShouldBeFalse();
        _instance.Expire(At(20)).ShouldBeTrue();
        _instance.Text.ShouldBeNull();
        _instance.Expire(At(21)).ShouldBeFalse();
        _instance.Expire(At(30)).ShouldBeTrue();
        _instance.Addresses.ShouldBeEmpty();
        _instance.Expire(At(31)).ShouldBeFalse();
    }

    [Fact]
    public void What_it_loses_is_asked_for_at_once_and_four_times_again()
    {
        Asked(0);
        Resolve();
        _instance.Expire(At(4500)).ShouldBeTrue();
        foreach (var seconds in new[] { 4500, 4501, 4503, 4507 })
        {
            _instance.Expire(At(seconds));
            Asked(seconds).Length.ShouldBe(2);
            Asked(seconds + 0.5).ShouldBeEmpty();
        }

        _instance.IsGivenUp(At(4514.9)).ShouldBeFalse();
        _instance.IsGivenUp(At(4515)).ShouldBeTrue();
    }

    [Fact]
    public void What_it_keeps_is_not_asked_for_anew()
    {
        Asked(0);
        _instance.SetService(Record(s_service, 4500));
        _instance.SetText(Record(s_text, 4500));
        _instance.SetAddress(Address("192.0.2.9", 10));
        _instance.SetAddress(Address("192.0.2.10"));
        Asked(7.9).ShouldBeEmpty();
        _instance.Expire(At(10)).ShouldBeTrue();
        _instance.IsResolved.ShouldBeTrue();
        _instance.SetService(Record(s_service with { Target = DnsName.Of("other", "local") }, 4500));
        Asked(10).Length.ShouldBe(2);
        Asked(10).ShouldBeEmpty();
        _instance.Expire(At(10.5)).ShouldBeFalse();
        Asked(11.9).ShouldBeEmpty();
        Asked(12).Length.ShouldBe(2);
        Asked(13.9).ShouldBeEmpty();
    }

    private void Resolve()
    {
        _instance.SetService(Record(s_service, 4500));
        _instance.SetText(Record(s_text, 4500));
        _instance.SetAddress(Address("192.0.2.9"));
        _instance.IsResolved.ShouldBeTrue();
    }

    private DnsQuestion[] Asked(double seconds) => [.. _instance.Questions(At(seconds))];

    private CachedRecord Address(string text, uint seconds = 4500) => Record(new DnsData.Address(LinkBench.Address(text)), seconds);

    private CachedRecord Record(DnsData data, uint seconds) => new(data, seconds, _bench.Context, _start);

    private Instant At(double seconds) => _start + TimeSpan.FromSeconds(seconds);
}
