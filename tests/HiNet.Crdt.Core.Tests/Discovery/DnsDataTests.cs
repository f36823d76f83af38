using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class DnsDataTests
{
    private static readonly DnsName s_name = DnsName.Of("a", "local");

    [Fact]
    public void Texts_are_equal_by_their_bytes()
    {
        var text = new DnsData.Text("\u0003v=1"u8.ToArray());
        text.ShouldBe(new DnsData.Text("\u0003v=1"u8.ToArray()));
        text.ShouldNotBe(new DnsData.Text("\u0003v=2"u8.ToArray()));
        text.Equals((DnsData.Text?)null).ShouldBeFalse();
    }

    [Fact]
    public void What_types_a_name_has_is_equal_by_name_and_types()
    {
        var types = new DnsData.NextSecure(s_name, [DnsType.A, DnsType.Aaaa]);
        types.ShouldBe(new DnsData.NextSecure(DnsName.Of("A", "local"), [DnsType.A, DnsType.Aaaa]));
        types.Equals(new DnsData.NextSecure(DnsName.Of("b", "local"), [DnsType.A, DnsType.Aaaa])).ShouldBeFalse();
        types.Equals(new DnsData.NextSecure(s_name, [DnsType.A])).ShouldBeFalse();
        types.Equals((DnsData.NextSecure?)null).ShouldBeFalse();
    }

    [Fact]
    public void Data_as_bytes_is_what_a_record_holds()
    {
        new DnsData.Service(1, 2, 3, s_name).ToBytes().ShouldBe(Convert.FromHexString("000100020003" + "0161056c6f63616c00"));
        new DnsData.NextSecure(s_name, [DnsType.A]).ToBytes().ShouldBe(Convert.FromHexString("0161056c6f63616c00" + "000140"));
    }
}
