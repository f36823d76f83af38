using System.IO.Pipelines;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Tests;

public sealed class HiNetNodeTests
{
    private readonly InMemoryStore _store = new();

    [Fact]
    public async Task An_empty_store_becomes_a_new_identity_and_a_second_start_finds_it()
    {
        HiNetNode.HasIdentity(_store).ShouldBeFalse();
        IdentityId identity;
        DeviceId device;
        await using (var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store, Name = "Alice" }))
        {
            node.Self.Name.ShouldBe("Alice");
            node.NewRecoveryPhrase!.Split(' ').Length.ShouldBe(24);
            node.IsUnsealed.ShouldBeTrue();
            node.ListenAddress.ShouldBeNull();
            (identity, device) = (node.Self.Id, node.Device);
        }

        HiNetNode.HasIdentity(_store).ShouldBeTrue();
        await using var again = await HiNetNode.StartAsync(new HiNetOptions { Store = _store, Name = "Somebody else" });
        again.NewRecoveryPhrase.ShouldBeNull();
        (again.Self.Id, again.Device, again.Self.Name).ShouldBe((identity, device, "Alice"));
    }

    [Fact]
    public async Task The_recovery_phrase_gives_the_same_person_another_device()
    {
        string phrase;
        Person alice;
        DeviceId device;
        await using (var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store }))
        {
            node.Self.Name.ShouldBe(HiNetOptions.DefaultName);
            (phrase, alice, device) = (node.NewRecoveryPhrase!, node.Self, node.Device);
        }

        await using var other = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), RecoveryPhrase = phrase });
        other.Self.Id.ShouldBe(alice.Id);
        other.Device.ShouldNotBe(device);
        other.NewRecoveryPhrase.ShouldBeNull();

        await using var own = await HiNetNode.StartAsync(new HiNetOptions { Store = _store, RecoveryPhrase = phrase });
        own.Self.Id.ShouldBe(alice.Id);
    }

    [Fact]
    public async Task Somebody_elses_recovery_phrase_is_refused_for_a_home_that_exists()
    {
        await using (await HiNetNode.StartAsync(new HiNetOptions { Store = _store }))
        {
        }

        using var other = RecoveryPhrase.Create(SodiumCryptography.Instance);
        var failure = await Should.ThrowAsync<HiNetException>(
            () => HiNetNode.StartAsync(new HiNetOptions { Store = _store, RecoveryPhrase = other.ToString() }));
        failure.Message.ShouldContain("another identity");
        await Should.ThrowAsync<InvalidRecoveryPhraseException>(
            () => HiNetNode.StartAsync(new HiNetOptions { Store = _store, RecoveryPhrase = "abandon" }));
        _store.ShouldBeFree();
    }

    [Fact]
    public async Task A_sealed_home_opens_with_its_passphrase_only_and_a_failed_start_leaves_the_store_closed()
    {
        await using (var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store, Passphrase = "open sesame" }))
        {
            node.IsUnsealed.ShouldBeFalse();
        }

        await Should.ThrowAsync<WrongPassphraseException>(() => HiNetNode.StartAsync(new HiNetOptions { Store = _store, Passphrase = "open" }));
        await Should.ThrowAsync<PassphraseRequiredException>(() => HiNetNode.StartAsync(new HiNetOptions { Store = _store }));
        _store.ShouldBeFree();
        await using var again = await HiNetNode.StartAsync(new HiNetOptions { Store = _store, Passphrase = "open sesame" });
        again.IsUnsealed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_passphrase_given_later_seals_an_open_home()
    {
        await using (await HiNetNode.StartAsync(new HiNetOptions { Store = _store }))
        {
        }

        await using (var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store, Passphrase = "open sesame" }))
        {
            node.IsUnsealed.ShouldBeFalse();
        }

        await Should.ThrowAsync<PassphraseRequiredException>(() => HiNetNode.StartAsync(new HiNetOptions { Store = _store }));
    }

    [Fact]
    public async Task A_store_in_use_is_refused()
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store });
        await Should.ThrowAsync<StoreException>(() => HiNetNode.StartAsync(new HiNetOptions { Store = _store }));
    }

    [Fact]
    public async Task The_bound_address_is_told_and_one_in_use_leaves_nothing_open()
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store, Listen = "127.0.0.1:0" });
        node.ListenAddress.ShouldNotBeNull().ShouldStartWith("127.0.0.1:");
        node.ListenAddress.ShouldNotBe("127.0.0.1:0");

        var other = new InMemoryStore();
        var failure = await Should.ThrowAsync<HiNetException>(
            () => HiNetNode.StartAsync(new HiNetOptions { Store = other, Listen = node.ListenAddress }));
        failure.Message.ShouldContain("another program uses it");
        other.ShouldBeFree();
    }

    [Fact]
    public async Task Disposal_can_be_repeated_completes_observers_and_ends_operations_with_a_sentence()
    {
        var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store });
        var notes = await node.OpenDirectAsync(node.Self.Id);
        var completed = new TaskCompletionSource();
        var nodeCompleted = new TaskCompletionSource();
        using var a = notes.Events.Subscribe(_ => { }, completed.SetResult);
        using var b = node.Events.Subscribe(_ => { }, nodeCompleted.SetResult);
        await Task.WhenAll(node.DisposeAsync().AsTask(), node.DisposeAsync().AsTask());
        await node.DisposeAsync();

        await completed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await nodeCompleted.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Should.ThrowAsync<NodeStoppedException>(() => notes.SendAsync("late"));
        Should.Throw<NodeStoppedException>(() => node.Contacts);
        _store.ShouldBeFree();
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_before_anything_else()
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store });
        var notes = await node.OpenDirectAsync(node.Self.Id);
        await Should.ThrowAsync<InvalidTextException>(() => notes.SendAsync(string.Empty));
        await Should.ThrowAsync<InvalidTextException>(() => notes.ReplyAsync(default, new string('a', 65_537)));
        await Should.ThrowAsync<InvalidTextException>(() => notes.EditAsync(default, "\ud83d"));
        await Should.ThrowAsync<InvalidTextException>(() => notes.ReactAsync(default, "two words"));
        await Should.ThrowAsync<InvalidTextException>(() => node.CreateGroupAsync(" ", []));
        await Should.ThrowAsync<InvalidAddressException>(() => node.LinkAsync("nowhere"));
        await Should.ThrowAsync<InvalidAddressException>(() => node.CreateInviteAsync(["nowhere"]));
        await Should.ThrowAsync<ArgumentException>(() => node.AttachAsync(new MemoryStream([1], writable: false), true));
        Should.Throw<ArgumentOutOfRangeException>(() => notes.ReadPage(0));
        Should.Throw<ArgumentOutOfRangeException>(() => notes.ReadPage(10_001));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => notes.SendAsync("never", cancelled.Token));
    }

    [Fact]
    public async Task An_attached_stream_is_a_link_until_its_token_says_otherwise()
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = _store });
        var there = new Pipe();
        var back = new Pipe();
        using var cancellation = new CancellationTokenSource();
        var link = node.AttachAsync(new DuplexStream(there.Reader.AsStream(), back.Writer.AsStream()), isInitiator: false, cancellation.Token);
        link.IsCompleted.ShouldBeFalse();
        await cancellation.CancelAsync();
        await link.WaitAsync(TimeSpan.FromSeconds(20));
        (await back.Reader.AsStream().ReadAsync(new byte[1])).ShouldBe(0);
    }
}

internal static class HiNetNodeTestExtensions
{
    public static void ShouldBeFree(this StoreProvider store) =>
        store.Open().DisposeAsync().AsTask().GetAwaiter().GetResult();
}
