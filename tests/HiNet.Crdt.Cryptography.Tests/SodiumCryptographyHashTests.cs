using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace HiNet.Crdt.Cryptography.Tests;

public sealed class SodiumCryptographyHashTests
{
    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;

    [Fact]
    public void Blake2b_512_of_abc_is_as_RFC_7693_appendix_A_has_it()
    {
        var digest = new byte[64];
        _cryptography.Blake2b("abc"u8, digest);
        Convert.ToHexStringLower(digest).ShouldBe(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    }

    [Fact]
    public void Blake2b_256_of_nothing_is_the_known_answer()
    {
        var digest = new byte[32];
        _cryptography.Blake2b([], digest);
        Convert.ToHexStringLower(digest).ShouldBe("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    }

    [Fact]
    public void Keyed_Blake2b_is_the_reference_implementations_known_answer()
    {
        var key = Enumerable.Range(0, 64).Select(value => (byte)value).ToArray();
        var digest = new byte[64];
        _cryptography.Blake2b([], digest, key);
        Convert.ToHexStringLower(digest).ShouldBe(
            "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568");
    }

    [Fact]
    public void Two_messages_hash_like_the_two_joined_at_every_length()
    {
        Prop.ForAll<byte[], byte[], int>((first, second, stretch) =>
        {
            // Some far over the length at which the call without a transition ends.
            var longer = Enumerable.Repeat(first, 1 + (Math.Abs(stretch) % 40)).SelectMany(bytes => bytes).ToArray();
            var key = longer.Take(64).ToArray();
            var apart = new byte[32];
            var joined = new byte[32];
            _cryptography.Blake2bJoined(longer, second, apart, key);
            _cryptography.Blake2b([.. longer, .. second], joined, key);
            return apart.AsSpan().SequenceEqual(joined);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Short_and_long_messages_take_the_same_function()
    {
        var message = Encoding.ASCII.GetBytes(new string('x', 257));
        var digest = new byte[32];
        var expected = new byte[32];
        _cryptography.Blake2b(message, digest);
        _cryptography.Blake2bJoined(message.AsSpan(0, 256), message.AsSpan(256), expected, key: default);
        digest.ShouldBe(expected);
    }

    [Fact]
    public void Sha512_of_abc_is_as_FIPS_180_4_has_it()
    {
        var digest = new byte[64];
        _cryptography.Sha512("abc"u8, digest);
        Convert.ToHexStringLower(digest).ShouldBe(
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }
}
