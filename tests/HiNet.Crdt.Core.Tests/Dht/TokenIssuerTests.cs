using System.Buffers.Binary;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class TokenIssuerTests
{
    // In the fourth span of five minutes.
    private static readonly Instant s_now = new(1_000_000_000);

    private readonly TokenIssuer _issuer = new(new CountedSecrets(first: 7));

    [Theory]
    [InlineData("8.8.4.4:53", "00000000000000000000ffff080804040035")]
    [InlineData("[2001:db8::5]:4000", "20010db80000000000000000000000050fa0")]
    public void A_token_is_the_hash_that_the_specification_states(string endpoint, string addressAndPort)
    {
        var secret = new byte[32];
        new CountedSecrets(first: 7).FillSecret(secret);
        var step = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(step, 3);
        byte[] message = [.. "hinet/v1/dht-token"u8, .. step, .. TestKeys.Named("key").ToArray(), .. Convert.FromHexString(addressAndPort)];
        var expected = new byte[16];
        TestKeys.Sodium.Blake2b(message, expected, secret);
        _issuer.Issue(Endpoint.Parse(endpoint), TestKeys.Named("key"), s_now).ShouldBe(expected);
    }

    [Fact]
    public void A_token_is_good_for_its_address_port_and_key_and_as_a_whole()
    {
        var endpoint = Endpoint.Parse("[2001:db8::5]:4000");
        var token = _issuer.Issue(endpoint, TestKeys.Named("key"), s_now);
        IsGood(token, endpoint).ShouldBeTrue();
        IsGood(token, endpoint with { Port = 4001 }).ShouldBeFalse();
        IsGood(token, endpoint with { Address = endpoint.Address + 1 }).ShouldBeFalse();
        IsGood(token, endpoint with { Address = endpoint.Address ^ (UInt128.One << 127) }).ShouldBeFalse();
        _issuer.IsGood(token, endpoint, TestKeys.Named("another"), s_now).ShouldBeFalse();
        IsGood(token[..15], endpoint).ShouldBeFalse();
        IsGood([.. token, 0], endpoint).ShouldBeFalse();
        IsGood([], endpoint).ShouldBeFalse();
    }

    [Fact]
    public void A_secret_that_was_wiped_no_longer_vouches_for_anything()
    {
        var endpoint = Endpoint.Parse("8.8.4.4:53");
        var token = _issuer.Issue(endpoint, TestKeys.Named("key"), s_now);
        _issuer.Wipe();
        IsGood(token, endpoint).ShouldBeFalse();
    }

    private bool IsGood(byte[] token, Endpoint endpoint) => _issuer.IsGood(token, endpoint, TestKeys.Named("key"), s_now);
}
