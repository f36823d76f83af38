using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Identity;

public sealed class PairSecretTests
{
    private static readonly (Bytes32 Public, byte[] Secret) s_alices = TestKeys.Agreement("alice's agreement");
    private static readonly (Bytes32 Public, byte[] Secret) s_bobs = TestKeys.Agreement("bob's agreement");

    [Fact]
    public void Both_sides_derive_the_same_secret()
    {
        var (alice, bob, carol) = (TestKeys.Identity("alice"), TestKeys.Identity("bob"), TestKeys.Identity("carol"));
        var secret = PairSecret.Derive(TestKeys.Sodium, s_alices.Secret, alice, s_bobs.Public, bob);
        secret.ShouldNotBeNull();
        PairSecret.Derive(TestKeys.Sodium, s_bobs.Secret, bob, s_alices.Public, alice).ShouldBe(secret);
        PairSecret.Derive(TestKeys.Sodium, s_alices.Secret, alice, s_bobs.Public, carol).ShouldNotBe(secret);
    }

    [Fact]
    public void A_note_to_self_needs_ones_own_secret_alone()
    {
        var alice = TestKeys.Identity("alice");
        var secret = PairSecret.Derive(TestKeys.Sodium, s_alices.Secret, alice, default, alice);
        secret.ShouldNotBeNull();
        PairSecret.Derive(TestKeys.Sodium, s_alices.Secret, alice, s_alices.Public, alice).ShouldBe(secret);
        PairSecret.Derive(TestKeys.Sodium, s_bobs.Secret, alice, default, alice).ShouldNotBe(secret);
    }

    [Fact]
    public void A_key_of_small_order_gives_no_secret() =>
        PairSecret.Derive(TestKeys.Sodium, s_alices.Secret, TestKeys.Identity("alice"), default, TestKeys.Identity("bob")).ShouldBeNull();

    [Fact]
    public void What_two_agree_on_is_overwritten()
    {
        var cryptography = new CountedSecrets();
        PairSecret.Derive(cryptography, s_alices.Secret, TestKeys.Identity("alice"), s_bobs.Public, TestKeys.Identity("bob")).ShouldNotBeNull();
        var agreed = new byte[32];
        TestKeys.Sodium.X25519(s_alices.Secret, s_bobs.Public.ToArray(), agreed).ShouldBeTrue();
        cryptography.ShouldHaveWiped(agreed);
    }
}
