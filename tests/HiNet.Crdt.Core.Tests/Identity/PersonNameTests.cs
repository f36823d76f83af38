using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("Zo\u00eb \U0001f600", true)]
    [InlineData("a\u200db", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(" a", false)]
    [InlineData("a ", false)]
    [InlineData("a\tb", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\u2029b", false)]
    public void A_name_is_one_line_of_text(string? name, bool isValid) => PersonName.IsValid(name).ShouldBe(isValid);

    [Fact]
    public void Half_a_character_is_in_no_name()
    {
        PersonName.IsValid("a\ud800").ShouldBeFalse();
        PersonName.IsValid("\udc00a").ShouldBeFalse();
    }

    [Theory]
    [InlineData(0x2029, false)]
    [InlineData(0x202A, false)]
    [InlineData(0x202E, false)]
    [InlineData(0x202F, true)]
    [InlineData(0x2065, true)]
    [InlineData(0x2066, false)]
    [InlineData(0x2069, false)]
    [InlineData(0x206A, true)]
    public void What_turns_the_direction_of_the_text_is_in_no_name(int codePoint, bool isAllowed)
    {
        var name = $"a{(char)codePoint}b";
        PersonName.IsValid(name).ShouldBe(isAllowed);
        PersonName.Clean(name, PersonName.MaxBytes).ShouldBe(isAllowed ? name : "ab");
    }

    [Theory]
    [InlineData("a", 64, 65)]
    [InlineData("\u00e9", 32, 33)]
    [InlineData("\u6c34", 21, 22)]
    [InlineData("\U0001f600", 16, 17)]
    public void A_name_has_at_most_64_bytes_of_UTF_8(string letter, int longest, int tooLong)
    {
        PersonName.IsValid(string.Concat(Enumerable.Repeat(letter, longest))).ShouldBeTrue();
        PersonName.IsValid(string.Concat(Enumerable.Repeat(letter, tooLong))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("abcdef", 5, "abcde")]
    [InlineData("abcde", 5, "abcde")]
    [InlineData("ab\u6c34d", 5, "ab\u6c34")]
    [InlineData("abc\u6c34d", 5, "abc")]
    [InlineData("  ab cd", 4, "ab c")]
    [InlineData("  ab cd", 3, "ab")]
    [InlineData("\u202a\u202aab", 2, "")]
    [InlineData("a\u0007\u6c34", 4, "a\u6c34")]
    [InlineData("", 5, "")]
    public void A_cleaned_name_is_cut_to_whole_characters(string name, int bytes, string clean) => PersonName.Clean(name, bytes).ShouldBe(clean);

    [Fact]
    public void A_cleaned_name_is_empty_or_valid() => Prop.ForAll<string>(text =>
    {
        var clean = PersonName.Clean(text ?? string.Empty, PersonName.MaxBytes);
        (clean.Length == 0 || PersonName.IsValid(clean)).ShouldBeTrue();
        Encoding.UTF8.GetByteCount(clean).ShouldBeLessThanOrEqualTo(PersonName.MaxBytes);
    }).QuickCheckThrowOnFailure();
}
