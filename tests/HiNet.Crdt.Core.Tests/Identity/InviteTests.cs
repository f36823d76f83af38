using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class InviteTests
{
    private static readonly Invite s_invite = Invite.From(
        TestKeys.Card("alice", "phone", "Alice"), TestKeys.Named("invite secret"), 1_800_000_000_000, ["192.0.2.7:4711", "[2001:db8::1]:4711"]);

    [Fact]
    public void An_invite_is_read_back()
    {
        Invite.TryParse(s_invite.ToString(), out var invite, out var problem).ShouldBeTrue(problem);
        problem.ShouldBeEmpty();
        ShouldBeTheInvite(invite);
        invite.Card.IsValid(TestKeys.Sodium).ShouldBeTrue();
    }

    [Fact]
    public void Case_spaces_and_line_breaks_do_not_matter()
    {
        var text = s_invite.ToString();
        var wrapped = "  " + string.Join("\r\n> ".Replace('>', '\t'), text.Chunk(60).Select(line => new string(line))) + "\n";
        foreach (var variant in new[] { text.ToUpperInvariant(), wrapped, wrapped.ToUpperInvariant() })
        {
            Invite.TryParse(variant, out var invite, out _).ShouldBeTrue();
            ShouldBeTheInvite(invite!);
        }
    }

    [Fact]
    public void An_invite_of_a_first_device_has_467_characters_and_11_more_with_an_address()
    {
        int Length(params string[] addresses) =>
            Invite.Create(TestKeys.Sodium, s_invite.Card, 1_800_000_000_000, addresses).ToString().Length;

        Length().ShouldBe(467);
        Length("192.0.2.7:4711").ShouldBe(478);
    }

    [Fact]
    public void A_fresh_secret_is_16_random_bytes()
    {
        var secret = Invite.Create(TestKeys.Sodium, s_invite.Card, 1, []).Secret.ToArray();
        secret[16..].ShouldBe(new byte[16]);
        secret[..16].Distinct().Count().ShouldBeGreaterThan(4);
    }

    [Fact]
    public void An_invite_of_any_fields_is_read_back() => Prop.ForAll(
        Generators.Bytes32.ToArbitrary(), Generators.UInt64.ToArbitrary(), Gen.Choose(0, 7).ToArbitrary(), (secret, expires, choice) =>
        {
            string[][] steps = [["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]];
            string[] addresses = ["1.2.3.4:5", "255.255.255.255:65535", "0.0.0.0:0", "01.2.3.4:5", "1.2.3.4:05", "1.2.3.4.5", "host.example:4711", "~"];
            var devices = steps[choice % 4];
            var card = DeviceCard.Create(
                TestKeys.Sodium,
                TestKeys.Certificate("alice", devices),
                TestKeys.Signing(devices[^1]).SecretKey,
                TestKeys.Agreement("leaf").Public,
                (uint)expires,
                "Zo\u00eb \U0001f600");
            var half = choice < 4 ? secret : new Bytes32((byte[])[.. secret.ToArray()[..16], .. new byte[16]]);
            var invite = Invite.From(card, half, (long)Math.Max(expires >> 1, 1), addresses[..choice]);
            Invite.TryParse(invite.ToString(), out var read, out var problem).ShouldBeTrue(problem);
            read.Card.Encode().ShouldBe(card.Encode());
            read.Secret.ShouldBe(half);
            read.ExpiresUnixMilliseconds.ShouldBe(invite.ExpiresUnixMilliseconds);
            (read.ExpiresUnixMilliseconds % 60_000).ShouldBe(0);
            read.Addresses.ShouldBe(invite.Addresses);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_changed_byte_under_a_right_checksum_gives_an_invite_with_that_one_text_or_none()
    {
        Base32.TryDecode(s_invite.ToString().AsSpan(6), out var original).ShouldBeTrue();
        Prop.ForAll(Gen.Choose(0, original.Length - 5).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(), (at, value, cut) =>
        {
            var ticket = original[..^4];
            ticket[at] = (byte)value;
            ticket = cut == 1 ? ticket[..at] : cut == 2 ? [.. ticket, (byte)value] : ticket;
            var checksum = ~ticket.Aggregate(uint.MaxValue, System.Numerics.BitOperations.Crc32C);
            var text = "hinet2" + Base32.Encode([.. ticket, .. BitConverter.GetBytes(checksum)]);
            if (Invite.TryParse(text, out var invite, out var problem))
            {
                invite.ToString().ShouldBe(text);
            }
            else
            {
                problem.ShouldContain("malformed");
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_changed_character_is_noticed()
    {
        var text = s_invite.ToString();
        Prop.ForAll(Gen.Choose(6, text.Length - 1).ToArbitrary(), Gen.Choose(1, 31).ToArbitrary(), (at, step) =>
        {
            const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
            var changed = text.ToCharArray();
            changed[at] = Alphabet[(Alphabet.IndexOf(changed[at], StringComparison.Ordinal) + step) % 32];
            Invite.TryParse(new string(changed), out _, out var problem).ShouldBeFalse();
            problem.ShouldNotBeEmpty();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_is_an_invite_or_has_a_problem() => Prop.ForAll<string>(text =>
    {
        foreach (var candidate in new[] { text, "hinet2" + text })
        {
            (Invite.TryParse(candidate, out _, out var problem) || problem.EndsWith('.')).ShouldBeTrue();
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_wrong_is_said()
    {
        var text = s_invite.ToString();
        for (var missing = 1; missing < 12; missing++)
        {
            ProblemOf(text[..^missing]).ShouldMatch("checksum|malformed");
        }

        ProblemOf(text[..^1] + (text[^1] == 'a' ? "aaaaaaaaa" : "a")).ShouldMatch("checksum|malformed");
        ProblemOf($"hinet2{Base32.Encode("no checksum"u8)}").ShouldContain("checksum");
        ProblemOf("hinet1" + text[6..]).ShouldContain("version");
        ProblemOf("hello").ShouldContain("begins with hinet2");
        ProblemOf("").ShouldContain("begins with hinet2");
        ProblemOf(null).ShouldContain("begins with hinet2");
        ProblemOf("hinet2").ShouldContain("malformed");
        ProblemOf("hinet2!" + text[7..]).ShouldContain("malformed");
        ProblemOf(new string('a', Invite.MaxTextLength + 1)).ShouldContain("too long");
    }

    [Fact]
    public void The_longest_invite_fits_the_limit()
    {
        var certificate = TestKeys.Certificate("alice", "a", "b", "c", "d");
        var card = DeviceCard.Create(
            TestKeys.Sodium, certificate, TestKeys.Signing("d").SecretKey, TestKeys.Agreement("leaf").Public, uint.MaxValue, new string('a', 64));
        var addresses = Enumerable.Repeat(new string('a', Invite.MaxAddressBytes), Invite.MaxAddresses).ToArray();
        var text = Invite.From(card, TestKeys.Named("secret"), long.MaxValue, addresses).ToString();
        text.Length.ShouldBeLessThan(Invite.MaxTextLength);
        Invite.TryParse(text, out _, out var problem).ShouldBeTrue(problem);
    }

    [Fact]
    public void Addresses_and_expiry_are_bounded()
    {
        var nine = Enumerable.Repeat("a:1", 9).ToArray();
        Should.Throw<ArgumentException>(() => Invite.From(s_invite.Card, s_invite.Secret, 1, nine));
        Should.Throw<ArgumentException>(() => Invite.From(s_invite.Card, s_invite.Secret, 1, [new string('a', 129)]));
        Should.Throw<ArgumentException>(() => Invite.From(s_invite.Card, s_invite.Secret, 1, ["a b"]));
        Should.Throw<ArgumentException>(() => Invite.From(s_invite.Card, s_invite.Secret, 1, [""]));
        Should.Throw<ArgumentException>(() => Invite.From(s_invite.Card, s_invite.Secret, 0, []));
    }

    [Fact]
    public void The_id_is_of_the_secret_alone()
    {
        var other = Invite.From(TestKeys.Card("bob", "laptop", "Bob"), s_invite.Secret, 5, []);
        other.Id(TestKeys.Sodium).ShouldBe(s_invite.Id(TestKeys.Sodium));
        Invite.Create(TestKeys.Sodium, s_invite.Card, 5, []).Id(TestKeys.Sodium).ShouldNotBe(s_invite.Id(TestKeys.Sodium));
    }

    [Fact]
    public void Base32_is_read_back_and_has_one_text_a_value() => Prop.ForAll(Generators.Bytes(64).ToArbitrary(), bytes =>
    {
        var text = Base32.Encode(bytes);
        Base32.TryDecode(text, out var decoded).ShouldBeTrue();
        decoded.ShouldBe(bytes);
        Base32.TryDecode(text + "a", out var longer);
        (longer is null || longer.Length > bytes.Length).ShouldBeTrue();
    }).QuickCheckThrowOnFailure();

    // RFC 4648, section 10, in lower case and without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "my")]
    [InlineData("fo", "mzxq")]
    [InlineData("foo", "mzxw6")]
    [InlineData("foob", "mzxw6yq")]
    [InlineData("fooba", "mzxw6ytb")]
    [InlineData("foobar", "mzxw6ytboi")]
    public void Base32_is_that_of_the_standard(string text, string base32) =>
        Base32.Encode(System.Text.Encoding.ASCII.GetBytes(text)).ShouldBe(base32);

    private static string ProblemOf(string? text)
    {
        Invite.TryParse(text, out _, out var problem).ShouldBeFalse();
        return problem;
    }

    private static void ShouldBeTheInvite(Invite invite)
    {
        invite.Card.Encode().ShouldBe(s_invite.Card.Encode());
        invite.Secret.ShouldBe(s_invite.Secret);
        invite.ExpiresUnixMilliseconds.ShouldBe(s_invite.ExpiresUnixMilliseconds);
        invite.Addresses.ShouldBe(s_invite.Addresses);
    }
}
