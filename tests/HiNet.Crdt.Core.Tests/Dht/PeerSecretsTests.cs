using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class PeerSecretsTests : IDisposable
{
    private static readonly Instant s_now = new(1_000_000);

    private readonly CountedSecrets _wipes = new();
    private readonly NodeKeyPair _keys = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("node").ToArray());

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_key_that_is_shared_is_worked_out_once()
    {
        var secrets = Secrets();
        var first = Of(secrets, "stranger");
        Of(secrets, "stranger").ShouldBeSameAs(first);
        secrets.Count.ShouldBe(1);
    }

    [Fact]
    public void Only_what_others_send_is_bounded_in_agreements()
    {
        var secrets = Secrets(agreementsPerSecond: 1);
        for (var i = 0; i < 5; i++)
        {
            Of(secrets, $"chosen {i}").ShouldNotBeNull();
        }

        Enumerable.Range(0, 4).Select(i => secrets.Of(Key($"invented {i}"), isOurChoice: false, s_now, out _) is not null).ShouldBe([true, true, false, false]);
    }

    [Fact]
    public void Who_has_answered_is_remembered_through_a_flood_of_strangers_whose_keys_are_wiped()
    {
        var secrets = Secrets();
        var friend = Of(secrets, "friend");
        var key = friend.PairKey.ToArray();
        secrets.Answered(Key("friend"), friend);
        var stranger = Of(secrets, "stranger 0").PairKey.ToArray();
        secrets.Count.ShouldBe(2);
        for (var i = 1; i < 514; i++)
        {
            Of(secrets, $"stranger {i}");
        }

        secrets.Count.ShouldBe(1 + 512);
        Of(secrets, "friend").ShouldBeSameAs(friend);
        friend.PairKey.ToArray().ShouldBe(key);
        _wipes.ShouldHaveWiped(stranger);
        secrets.Answered(Key("friend"), friend);
        secrets.Count.ShouldBe(1 + 512);
        friend.PairKey.ToArray().ShouldBe(key);
    }

    [Fact]
    public void The_point_that_a_key_comes_from_is_wiped()
    {
        var shared = new byte[32];
        _keys.TryAgree(Key("other").ToArray(), shared).ShouldBeTrue();
        Of(Secrets(), "other");
        _wipes.ShouldHaveWiped(shared);
    }

    [Fact]
    public void A_token_is_shown_for_four_minutes_at_the_endpoint_it_is_for()
    {
        var (here, elsewhere) = (TestNetwork.EndpointOf(1), TestNetwork.EndpointOf(2));
        var secret = new PeerSecret(new byte[32]);
        secret.TokenFor(default, s_now).IsEmpty.ShouldBeTrue();
        secret.Keep([1, 2, 3], here, s_now);
        secret.TokenFor(here, s_now).ToArray().ShouldBe([1, 2, 3]);
        secret.TokenFor(elsewhere, s_now).IsEmpty.ShouldBeTrue();
        secret.TokenFor(here, s_now + (TimeSpan.FromMinutes(4) - TimeSpan.FromMicroseconds(1))).ToArray().ShouldBe([1, 2, 3]);
        secret.TokenFor(here, s_now + TimeSpan.FromMinutes(4)).IsEmpty.ShouldBeTrue();
    }

    private static Bytes32 Key(string name) => TestKeys.Signing(name).Public;

    private static PeerSecret Of(PeerSecrets secrets, string name) => secrets.Of(Key(name), isOurChoice: true, s_now, out _)!;

    private PeerSecrets Secrets(int agreementsPerSecond = 2_000) => new(_wipes, _keys, new DhtOptions { AgreementsPerSecond = agreementsPerSecond }, s_now);
}
