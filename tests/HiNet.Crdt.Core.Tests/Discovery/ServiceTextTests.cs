using System.Text;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class ServiceTextTests
{
    private static readonly MdnsSecret s_one = new(TestKeys.Named("id one"), TestKeys.Named("one"));
    private static readonly MdnsSecret s_two = new(TestKeys.Named("id two"), TestKeys.Named("two"));

    [Fact]
    public void Only_who_holds_a_secret_recognises_its_tag()
    {
        var text = ServiceText.Create(TestKeys.Sodium, [s_one]);
        ServiceText.Recognise(TestKeys.Sodium, text, [s_two, s_one]).ShouldBe([s_one.Id]);
        ServiceText.Recognise(TestKeys.Sodium, text, [s_two]).ShouldBeEmpty();
        ServiceText.Recognise(TestKeys.Sodium, text, []).ShouldBeEmpty();
    }

    [Fact]
    public void Every_text_has_the_same_form_however_many_secrets_there_are()
    {
        MdnsSecret[] many = [.. Enumerable.Range(0, ServiceText.Tags).Select(i => new MdnsSecret(TestKeys.Named($"{i}"), TestKeys.Named($"secret {i}")))];
        foreach (var count in new[] { 0, 1, ServiceText.Tags })
        {
            var text = Encoding.Latin1.GetString(ServiceText.Create(TestKeys.Sodium, many.AsSpan(0, count)));
            text.ShouldMatch("^\u0003v=1\u0022n=[0-9a-f]{32}\u00c2t=[0-9a-f]{192}$");
            var tags = text[^192..].Chunk(8).Select(tag => new string(tag)).ToArray();
            tags.ShouldBe(tags.Order(StringComparer.Ordinal));
        }

        Should.Throw<ArgumentOutOfRangeException>(() => ServiceText.Create(TestKeys.Sodium, [.. many, s_one]));
    }

    [Fact]
    public void Two_texts_of_one_node_have_nothing_in_common()
    {
        var (first, second) = (ServiceText.Create(TestKeys.Sodium, [s_one]), ServiceText.Create(TestKeys.Sodium, [s_one]));
        Tags(first).Intersect(Tags(second)).ShouldBeEmpty();

        static IEnumerable<string> Tags(byte[] text) => Encoding.ASCII.GetString(text)[^192..].Chunk(8).Select(tag => new string(tag));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=1")]
    [InlineData("v=2|n=00000000000000000000000000000000|t={tag}")]
    [InlineData("n=00000000000000000000000000000000|t={tag}")]
    [InlineData("v=1|n=0000000000000000000000000000000|t={tag}")]
    [InlineData("v=1|n=0000000000000000000000000000000g|t={tag}")]
    [InlineData("v=1|n=00000000000000000000000000000000|t={tag}0")]
    [InlineData("v=1|n=00000000000000000000000000000000|t= {tag}")]
    [InlineData("v=1|n=00000000000000000000000000000000|t={tag}0000000g")]
    [InlineData("v=1|n=00000000000000000000000000000000|t=|t={tag}")]
    [InlineData("v=1|n=00000000000000000000000000000000")]
    public void A_text_of_another_form_has_no_tags(string pairs)
    {
        var tag = Tag(s_one);
        ServiceText.Recognise(TestKeys.Sodium, Strings(pairs.Replace("{tag}", tag, StringComparison.Ordinal)), [s_one]).ShouldBeEmpty();
        ServiceText.Recognise(TestKeys.Sodium, Strings($"txtvers=1|V=1|n=00000000000000000000000000000000|T=00000000{tag}"), [s_one]).ShouldBe([s_one.Id]);
    }

    [Theory]
    [InlineData(23, true)]
    [InlineData(24, false)]
    public void A_text_of_more_than_24_tags_has_none(int others, bool isRecognised)
    {
        var tags = string.Concat(Enumerable.Repeat("00000000", others)) + Tag(s_one);
        ServiceText.Recognise(TestKeys.Sodium, Strings($"v=1|n={new string('0', 32)}|t={tags}"), [s_one]).Count.ShouldBe(isRecognised ? 1 : 0);
    }

    [Theory]
    [InlineData(1300, true)]
    [InlineData(1301, false)]
    public void A_text_of_more_than_1300_bytes_is_not_looked_into(int length, bool isRecognised)
    {
        var text = Strings($"v=1|n={new string('0', 32)}|t={Tag(s_one)}");
        ServiceText.Recognise(TestKeys.Sodium, [.. text, .. new byte[length - text.Length]], [s_one]).Count.ShouldBe(isRecognised ? 1 : 0);
    }

    [Fact]
    public void A_secret_is_overwritten_after_its_use()
    {
        var (cryptography, nonce) = (new CountedSecrets(), new byte[ServiceText.NonceSize]);
        DomainHash.Keyed(cryptography, s_one.Secret.ToArray(), Domains.LanTag, nonce);
        var hashed = cryptography.Wiped.Count;
        ServiceText.TagOf(cryptography, s_one.Secret, nonce);
        cryptography.Wiped.Count.ShouldBe((2 * hashed) + 1);
    }

    [Fact]
    public void Strings_without_a_key_are_passed_over() =>
        ServiceText.Recognise(TestKeys.Sodium, [0, 1, (byte)'v', 1, (byte)'t', .. Strings($"v=1|n={new string('0', 32)}|t={Tag(s_one)}")], [s_one])
            .ShouldBe([s_one.Id]);

    [Fact]
    public void A_text_that_is_cut_or_garbled_never_throws()
    {
        var text = ServiceText.Create(TestKeys.Sodium, [s_one]);
        for (var length = 0; length < text.Length; length++)
        {
            ServiceText.Recognise(TestKeys.Sodium, text.AsSpan(0, length), [s_one]).ShouldBeEmpty();
        }

        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var garbled = text.ToArray();
            garbled[random.Next(garbled.Length)] = (byte)random.Next(256);
            ServiceText.Recognise(TestKeys.Sodium, garbled, [s_one]).Count.ShouldBeLessThanOrEqualTo(1);
        }
    }

    private static string Tag(MdnsSecret secret) => ServiceText.TagOf(TestKeys.Sodium, secret.Secret, new byte[ServiceText.NonceSize]).ToString("x8", null);

    private static byte[] Strings(string pairs) =>
        [.. pairs.Split('|', StringSplitOptions.RemoveEmptyEntries).SelectMany(pair => (byte[])[(byte)pair.Length, .. Encoding.ASCII.GetBytes(pair)])];
}
