using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class RunVerifierTests
{
    private readonly RunVerifier<string> _verifier = new();
    private readonly SignedRun _run = new(
        TestKeys.Device("a device"), [new Chain("a device").Extend(0).Entries[0]], new byte[64]);

    [Fact]
    public void A_run_whose_signature_holds_comes_back_with_its_origin_once()
    {
        var token = _verifier.Submit(_run, "from bob");
        _verifier.Count.ShouldBe(1);
        _verifier.TryComplete(token, true, out var verified, out var origin).ShouldBeTrue();
        verified!.Run.ShouldBeSameAs(_run);
        origin.ShouldBe("from bob");
        _verifier.Count.ShouldBe(0);
        _verifier.TryComplete(token, true, out verified, out _).ShouldBeFalse();
        verified.ShouldBeNull();
    }

    [Fact]
    public void A_bad_signature_condemns_the_delivery_and_not_the_ids()
    {
        var bad = _verifier.Submit(_run with { Signature = new byte[64] }, "from mallory");
        var good = _verifier.Submit(_run, "from bob");
        _verifier.TryComplete(bad, false, out var verified, out var origin).ShouldBeTrue();
        verified.ShouldBeNull();
        origin.ShouldBe("from mallory");

        _verifier.TryComplete(good, true, out verified, out origin).ShouldBeTrue();
        verified!.Run.Last.Id.ShouldBe(_run.Last.Id);
        origin.ShouldBe("from bob");
    }

    [Fact]
    public void Checks_come_back_in_any_order()
    {
        var tokens = Enumerable.Range(0, 20).Select(i => _verifier.Submit(_run, $"{i}")).ToList();
        tokens.Distinct().Count().ShouldBe(20);
        foreach (var (token, i) in tokens.Select((t, i) => (t, i)).Reverse())
        {
            _verifier.TryComplete(token, i % 2 == 0, out var verified, out var origin).ShouldBeTrue();
            origin.ShouldBe($"{i}");
            (verified is not null).ShouldBe(i % 2 == 0);
        }
    }

    [Fact]
    public void An_unknown_token_is_nothing()
    {
        _verifier.Submit(_run, "from bob");
        foreach (var token in new long[] { 0, -1, 2, long.MaxValue })
        {
            _verifier.TryComplete(token, true, out var verified, out var origin).ShouldBeFalse();
            verified.ShouldBeNull();
            origin.ShouldBeNull();
        }

        _verifier.Count.ShouldBe(1);
    }

    [Fact]
    public void Nothing_but_the_verifier_and_the_own_device_makes_a_verified_run()
    {
        typeof(VerifiedRun).GetConstructors().ShouldBeEmpty();
        typeof(VerifiedRun).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(VerifiedRun.Maker)))
            .Select(type => type.Name)
            .Order()
            .ShouldBe(["OwnRun", "RunVerifier`1"]);
    }

    [Fact]
    public void What_is_being_checked_counts_200_bytes_an_entry_beside_what_it_says()
    {
        var entry = _run.Last;
        var sealing = entry.Header with { Epoch = TestKeys.Entry("epoch"), Kind = EntryKind.Message };
        var whole = Entry.CreateWithBody(TestKeys.Sodium, sealing, new byte[30]);
        _verifier.KeptBytes.ShouldBe(0);
        var token = _verifier.Submit(_run with { Entries = [whole, whole.WithBody(null)] }, "from bob");
        _verifier.KeptBytes.ShouldBe((2 * (200 + whole.HeaderBytes.Length)) + 30);
        _verifier.TryComplete(token, true, out _, out _);
        _verifier.KeptBytes.ShouldBe(0);
    }
}
