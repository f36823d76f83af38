using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class DnsNameTests
{
    private static readonly string s_long = new('x', 63);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void A_label_has_1_to_63_bytes(int length, bool isOne)
    {
        var label = new string('x', length);
        foreach (var make in (Func<DnsName>[])[() => DnsName.Of(label), () => DnsName.Of("local").Under(label)])
        {
            if (isOne)
            {
                make().FirstLabel.ShouldBe(label);
            }
            else
            {
                Should.Throw<ArgumentException>(() => make());
            }
        }
    }

    [Fact]
    public void A_name_has_255_bytes_at_most()
    {
        // Three labels of 63 bytes, one of 61, each after its length, and the closing zero.
        DnsName.Of(s_long, s_long, s_long, new string('y', 61)).Wire.Length.ShouldBe(255);
        DnsName.Of(s_long, s_long, new string('y', 61)).Under(s_long).Wire.Length.ShouldBe(255);
        Should.Throw<ArgumentException>(() => DnsName.Of(s_long, s_long, s_long, new string('y', 62)));
        Should.Throw<ArgumentException>(() => DnsName.Of(s_long, s_long, new string('y', 62)).Under(s_long));
    }

    [Fact]
    public void Names_are_ordered_without_regard_to_case()
    {
        DnsName.Of("a").CompareTo(DnsName.Of("B")).ShouldBeLessThan(0);
        DnsName.Of("B").CompareTo(DnsName.Of("a")).ShouldBeGreaterThan(0);
        DnsName.Of("AZ").CompareTo(DnsName.Of("az")).ShouldBe(0);
        DnsName.Of("a").CompareTo(null).ShouldBe(1);
        DnsName.Of("a").Equals((DnsName?)null).ShouldBeFalse();
        DnsName.Of("AZ").Equals(DnsName.Of("az")).ShouldBeTrue();
        DnsName.Of("[").Equals(DnsName.Of("{")).ShouldBeFalse("only letters have a case");
    }

    [Fact]
    public void Names_with_the_same_bytes_in_other_labels_are_not_the_same()
    {
        // On the wire: 1 x 3 2 b c 0, and 2 x 3 2 b c 0.
        DnsName.Of("x", "\u0002bc").Equals(DnsName.Of("x\u0003", "bc")).ShouldBeFalse();
    }

    [Fact]
    public void The_root_is_nobodys_child()
    {
        DnsName.Of().FirstLabel.ShouldBeEmpty();
        DnsName.Of().IsChildOf(DnsName.Of("local")).ShouldBeFalse();
        DnsName.Of().IsChildOf(DnsName.Of()).ShouldBeFalse();
        DnsName.Of("local").IsChildOf(DnsName.Of()).ShouldBeTrue();
    }
}
