using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Attack.Hostile;

/// <summary>
/// A person who becomes the victim's contact and a member of the group in the way that everyone does, by a real node; then the node is
/// stopped, and its keys and its log are the attacker's.
/// </summary>
internal sealed class HostileHome : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly InMemoryStore _store = new();
    private HiNetNode? _node;

    private HostileHome()
    {
    }

    public string Id => _node!.Self.Id.ToString();

    /// <summary>Links to the victim by an invite.</summary>
    public static async Task<HostileHome> MeetAsync(string invite)
    {
        var home = new HostileHome();
        var options = new HiNetOptions { Store = home._store, Name = "Hostile", AcceptInvitations = true, UseMdns = false };
        home._node = await HiNetNode.StartAsync(options);
        var victim = await home._node.AddContactAsync(invite);
        await (await home._node.OpenDirectAsync(victim.Id)).SendAsync("let me in");
        return home;
    }

    /// <summary>Waits until the group is here and can be written in, says something there, and stops the node.</summary>
    public async Task<HostileMember> JoinAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var direct = await _node!.OpenDirectAsync(_node.Contacts[0].Id, limit.Token);
        while (!await TrySpeakAsync(limit.Token))
        {
            await Task.Delay(50, limit.Token);
        }

        var group = _node.Conversations.Single(conversation => conversation.Kind == ConversationKind.Group).Id;
        await _node.DisposeAsync();
        _node = null;
        await using var store = _store.Open();
        var secrets = ReadSecrets(store);
        return new HostileMember(secrets, HostileChain.Read(store, secrets, direct.Id), HostileChain.Read(store, secrets, group));
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is { } node)
        {
            await node.DisposeAsync();
        }
    }

    // It can be written in once the entry that makes this person a member has come.
    private async Task<bool> TrySpeakAsync(CancellationToken cancellationToken)
    {
        if (_node!.Conversations.FirstOrDefault(conversation => conversation.Kind == ConversationKind.Group) is not { } group)
        {
            return false;
        }

        try
        {
            await group.SendAsync("here I am", cancellationToken);
            return true;
        }
        catch (HiNetException)
        {
            return false;
        }
    }

    private static HomeSecrets ReadSecrets(IStoreReader store)
    {
        var isThere = store.TryGet(ColumnFamily.Secrets, StoreKeys.HomeSecrets, out var blob);
        return isThere && HomeSecrets.TryDecode(SodiumCryptography.Instance, new PassphraseSealer().Open(blob!, null), out var secrets)
            ? secrets
            : throw new InvalidOperationException("The attacker's own secrets cannot be read.");
    }
}
