using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Encryption;

public sealed class SecretSealerTests
{
    private static readonly byte[] s_key = TestKeys.Named("storage key").ToArray();

    [Fact]
    public void A_sealed_secret_opens_in_its_own_place_only() => Prop.ForAll(
        Generators.Bytes(80).ToArbitrary(),
        Generators.Bytes(40).ToArbitrary(),
        (secret, context) =>
        {
            var sealedSecret = SecretSealer.Seal(TestKeys.Sodium, s_key, context, secret);
            sealedSecret.Length.ShouldBe(secret.Length + SecretSealer.Overhead);
            SecretSealer.TryOpen(TestKeys.Sodium, s_key, context, sealedSecret, out var opened).ShouldBeTrue();
            opened.ShouldBe(secret);
            SecretSealer.TryOpen(TestKeys.Sodium, s_key, [.. context, 0], sealedSecret, out _).ShouldBeFalse();
            SecretSealer.TryOpen(TestKeys.Sodium, TestKeys.Named("another").ToArray(), context, sealedSecret, out _).ShouldBeFalse();
            SecretSealer.TryOpen(TestKeys.Sodium, s_key, context, sealedSecret.AsSpan(1), out _).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sealing_twice_gives_two_texts()
    {
        var one = SecretSealer.Seal(TestKeys.Sodium, s_key, "place"u8, "secret"u8);
        SecretSealer.Seal(TestKeys.Sodium, s_key, "place"u8, "secret"u8).ShouldNotBe(one);
    }

    [Fact]
    public void A_secret_of_no_bytes_opens_too()
    {
        var sealedSecret = SecretSealer.Seal(TestKeys.Sodium, s_key, "place"u8, []);
        SecretSealer.TryOpen(TestKeys.Sodium, s_key, "place"u8, sealedSecret, out var opened).ShouldBeTrue();
        opened.ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_that_are_too_few_to_be_sealed_are_refused() =>
        SecretSealer.TryOpen(TestKeys.Sodium, s_key, [], new byte[SecretSealer.Overhead - 1], out _).ShouldBeFalse();
}
