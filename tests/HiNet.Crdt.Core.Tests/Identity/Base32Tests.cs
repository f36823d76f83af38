using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class Base32Tests
{
    [Theory]
    [InlineData("ae", true)]
    [InlineData("af", false)]
    [InlineData("ag", false)]
    [InlineData("a", false)]
    [InlineData("aeb", false)]
    public void Bits_that_no_byte_needs_are_zero_and_no_character_is_left_over(string text, bool isRead) =>
        Base32.TryDecode(text, out _).ShouldBe(isRead);
}
