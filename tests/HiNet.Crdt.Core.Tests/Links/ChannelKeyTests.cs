using System.Text;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class ChannelKeyTests
{
    // From the authors' own table of test vectors; the name and the id are hashed as one text.
    [Theory]
    [InlineData("", "", 0x811c9dc5)]
    [InlineData("a", "", 0xe40c292c)]
    [InlineData("", "a", 0xe40c292c)]
    [InlineData("foo", "bar", 0xbf9cf968)]
    public void The_hash_is_FNV_1a_of_name_and_id_in_every_process(string protocol, string id, uint expected) =>
        ((uint)new ChannelKey(protocol, Encoding.UTF8.GetBytes(id)).GetHashCode()).ShouldBe(expected);

    [Theory]
    [InlineData("p", "5af94c96", "p", "8c846d82")]
    [InlineData("costarring", "", "liquid", "")]
    public void Keys_that_somebody_has_chosen_to_have_one_hash_are_told_apart(string protocol, string id, string otherProtocol, string otherId)
    {
        var key = new ChannelKey(protocol, Convert.FromHexString(id));
        var same = new ChannelKey(protocol, Convert.FromHexString(id));
        var other = new ChannelKey(otherProtocol, Convert.FromHexString(otherId));
        other.GetHashCode().ShouldBe(key.GetHashCode());
        key.Equals(other).ShouldBeFalse();
        key.Equals((object)other).ShouldBeFalse();
        key.Equals(same).ShouldBeTrue();
        key.Equals((object)same).ShouldBeTrue();
        key.Equals((object)protocol).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(255, 255, true)]
    [InlineData(0, 1, false)]
    [InlineData(256, 0, false)]
    [InlineData(1, 256, false)]
    public void A_name_has_1_to_255_bytes_and_an_id_up_to_255(int protocol, int id, bool expected) =>
        ChannelKey.TryCreate(Encoding.UTF8.GetBytes(new string('p', protocol)), new byte[id], out _).ShouldBe(expected);
}
