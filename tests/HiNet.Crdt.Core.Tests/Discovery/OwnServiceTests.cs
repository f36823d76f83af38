using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class OwnServiceTests
{
    private readonly LinkBench _bench = new("192.0.2.1/24", "2001:db8::1/64");

    private OwnService Own => _bench.Own;

    [Fact]
    public void The_last_eight_names_are_still_our_own()
    {
        var names = new List<DnsName>();
        for (var i = 0; i < 9; i++)
        {
            names.Add(Own.Instance);
            Own.DrawNames(keepsOld: true);
        }

        Own.IsOwnInstance(Own.Instance).ShouldBeTrue();
        Own.IsOwnInstance(names[0]).ShouldBeFalse();
        names.Skip(1).ShouldAllBe(name => Own.IsOwnInstance(name));
    }

    [Fact]
    public void A_name_that_is_anothers_now_is_not_our_own()
    {
        var name = Own.Instance;
        Own.DrawNames(keepsOld: false);
        Own.IsOwnInstance(name).ShouldBeFalse();
    }

    [Fact]
    public void Both_names_are_our_own()
    {
        Own.IsOwnName(Own.Instance).ShouldBeTrue();
        Own.IsOwnName(Own.Host).ShouldBeTrue();
        Own.IsOwnName(OwnService.Type).ShouldBeFalse();
    }

    [Fact]
    public void Every_record_that_is_said_of_us_is_known_again()
    {
        foreach (var which in Enum.GetValues<OwnRecords>().Where(which => System.Numerics.BitOperations.IsPow2((int)which)))
        {
            Own.Identify(Own.Build(which, [.. Own.Addresses]).ShouldHaveSingleItem()).ShouldBe(which);
        }
    }

    [Fact]
    public void The_text_before_the_last_change_is_known_again_and_no_older_one()
    {
        DnsRecord[] texts = [Text(), Text(), Text()];
        Own.Identify(texts[0]).ShouldBe(OwnRecords.None);
        Own.Identify(texts[1]).ShouldBe(OwnRecords.Text);
        Own.Identify(texts[2]).ShouldBe(OwnRecords.Text);

        DnsRecord Text()
        {
            Own.DrawText([]);
            return Own.Build(OwnRecords.Text, []).Single();
        }
    }
}
