using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;

namespace HiNet.Crdt.Cryptography.Tests;

public sealed class RecoveryPhraseTests
{
    private const string Known =
        "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold";

    [Fact]
    public void The_word_list_is_that_of_BIP_39_byte_for_byte()
    {
        using var stream = typeof(RecoveryPhrase).Assembly.GetManifestResourceStream(RecoveryWords.ResourceName)!;
        Convert.ToHexStringLower(SHA256.HashData(stream)).ShouldBe("2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
        RecoveryWords.English.Count.ShouldBe(RecoveryWords.Count);
        RecoveryWords.English.Max(word => word.Length).ShouldBe(RecoveryWords.LongestWord);
    }

    [Fact]
    public void Every_word_is_found_at_its_place()
    {
        for (var place = 0; place < RecoveryWords.Count; place++)
        {
            RecoveryWords.TryFind(RecoveryWords.English[place], out var index).ShouldBeTrue();
            index.ShouldBe(place);
        }

        RecoveryWords.TryFind("aaaa", out _).ShouldBeFalse();
        RecoveryWords.TryFind("zzzz", out _).ShouldBeFalse();
        RecoveryWords.TryFind("", out _).ShouldBeFalse();
    }

    [Fact]
    public void The_public_vectors_of_BIP_39_hold_both_ways_and_derive_the_specified_seeds()
    {
        var vectors = Vectors.Read().RecoveryPhrases;
        vectors.ShouldNotBeEmpty();
        foreach (var vector in vectors)
        {
            using var written = RecoveryPhrase.FromEntropy(vector.Entropy.Hex());
            written.ToString().ShouldBe(vector.Words);
            written.Words.Count.ShouldBe(24);

            using var read = RecoveryPhrase.Parse(vector.Words);
            Seed(read, "identity"u8).ShouldBe(vector.Identity);
            Seed(read, "agreement"u8).ShouldBe(vector.Agreement);
        }
    }

    [Fact]
    public void Any_entropy_comes_back_from_its_words()
    {
        Prop.ForAll<int>(seed =>
        {
            var entropy = new byte[32];
            new Random(seed).NextBytes(entropy);
            using var written = RecoveryPhrase.FromEntropy(entropy);
            using var read = RecoveryPhrase.Parse(written.ToString());
            return read.ToString() == written.ToString() && Seed(read, "identity"u8) == Seed(written, "identity"u8);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Two_new_phrases_differ()
    {
        using var first = RecoveryPhrase.Create(SodiumCryptography.Instance);
        using var second = RecoveryPhrase.Create(SodiumCryptography.Instance);
        first.ToString().ShouldNotBe(second.ToString());
    }

    [Theory]
    [InlineData("upper")]
    [InlineData("lines")]
    [InlineData("padded")]
    public void Case_and_white_space_do_not_matter(string manner)
    {
        var text = manner switch
        {
            "upper" => Known.ToUpperInvariant(),
            "lines" => Known.Replace(" ", "\r\n", StringComparison.Ordinal),
            _ => $"\t {Known.Replace(" ", " \u00a0 ", StringComparison.Ordinal)}\n\n",
        };
        using var phrase = RecoveryPhrase.Parse(text);
        phrase.ToString().ShouldBe(Known);
    }

    [Fact]
    public void The_first_unknown_word_is_named_with_its_place() =>
        Message(Known.Replace("camp", "kamp", StringComparison.Ordinal).Replace("slush", "slosh", StringComparison.Ordinal))
            .ShouldBe("Word 5 ('kamp') is not a word of recovery phrases; check its spelling.");

    [Theory]
    [InlineData("ca\u001b[2Jmp")]
    [InlineData("\u202epmac")]
    [InlineData("camplongerthanallwords")]
    public void An_unknown_word_that_a_terminal_should_not_show_is_named_by_place_only(string word) =>
        Message(Known.Replace("camp", word, StringComparison.Ordinal)).ShouldBe("Word 5 is not a word of recovery phrases; check its spelling.");

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(23)]
    [InlineData(25)]
    public void A_wrong_number_of_words_is_counted(int count) =>
        Message(string.Join(' ', Enumerable.Repeat("abandon", count))).ShouldContain($"has {count} words where it must have 24");

    [Fact]
    public void A_text_without_end_is_refused_early() =>
        Message(string.Join(' ', Enumerable.Repeat("abandon", 100_000))).ShouldContain("more than 24 words");

    [Fact]
    public void A_wrong_word_or_order_is_caught_by_the_checksum()
    {
        Message(Known.Replace("unfold", "unhappy", StringComparison.Ordinal)).ShouldContain("do not belong together");
        Message("come void" + Known["void come".Length..]).ShouldContain("do not belong together");
    }

    [Fact]
    public void A_disposed_phrase_tells_nothing()
    {
        var phrase = RecoveryPhrase.Parse(Known);
        phrase.Dispose();
        Should.Throw<ObjectDisposedException>(() => phrase.ToString());
    }

    [Fact]
    public void Derivation_refuses_other_sizes()
    {
        using var phrase = RecoveryPhrase.Parse(Known);
        Should.Throw<ArgumentException>(() => phrase.DeriveSeed(new byte[31], "identity"u8));
        Should.Throw<ArgumentException>(() => phrase.DeriveSeed(new byte[32], []));
        Should.Throw<ArgumentException>(() => phrase.DeriveSeed(new byte[32], new byte[65]));
    }

    private static string Message(string text) =>
        Should.Throw<InvalidRecoveryPhraseException>(() => RecoveryPhrase.Parse(text)).Message;

    private static string Seed(RecoveryPhrase phrase, ReadOnlySpan<byte> purpose)
    {
        var seed = new byte[32];
        phrase.DeriveSeed(seed, purpose);
        return Convert.ToHexStringLower(seed);
    }
}
