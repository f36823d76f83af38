using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>Nodes on disk and on loopback.</summary>
internal static class Nodes
{
    /// <summary>A node that listens, and that tells others to dial a proxy in front of it.</summary>
    internal static async Task<HiNetNode> StartBehindAsync(DamagingProxy proxy, string home, string name)
    {
        var node = await HiNetNode.StartAsync(new HiNetOptions
        {
            Store = RocksDbStore.At(home),
            Name = name,
            Listen = "127.0.0.1:0",
            AdvertisedAddresses = [proxy.Address],
        });
        proxy.Target = node.ListenAddress;
        return node;
    }

    internal static Task<HiNetNode> StartAsync(string home, string? name = null, bool listens = false, params string[] bootstrap) =>
        HiNetNode.StartAsync(new HiNetOptions
        {
            Store = RocksDbStore.At(home),
            Name = name,
            Listen = listens ? "127.0.0.1:0" : null,
            Bootstrap = bootstrap,
        });

    /// <summary>Makes the two contacts of each other; <paramref name="host"/> is invited to at <paramref name="address"/>, or where it says that it is reached.</summary>
    internal static async Task MeetAsync(HiNetNode host, HiNetNode guest, string? address = null)
    {
        await guest.AddContactAsync(await host.CreateInviteAsync(address is null ? null : [address]));
        await Until.TrueAsync(() => host.Contacts.Any(contact => contact.Id == guest.Self.Id), "the host knows its guest");
    }

    /// <summary>The direct conversation between two contacts, as each of them holds it.</summary>
    internal static async Task<(IConversation First, IConversation Second)> OpenDirectAsync(HiNetNode first, HiNetNode second)
    {
        var one = await first.OpenDirectAsync(second.Self.Id);
        var other = await second.OpenDirectAsync(first.Self.Id);
        other.Id.ShouldBe(one.Id);
        return (one, other);
    }

    /// <summary>Waits for the invitation to a group, and accepts it.</summary>
    internal static async Task<IConversation> JoinAsync(HiNetNode node, ConversationId group)
    {
        await Until.TrueAsync(() => node.Invitations.Any(invitation => invitation.Group == group), "the invitation is there");
        return await node.AcceptInvitationAsync(group);
    }

    /// <summary>Waits until all hold the same entries, and checks that they then agree on what these mean.</summary>
    internal static async Task ConvergeAsync(params IConversation[] replicas)
    {
        await Until.TrueAsync(() => HaveConverged(replicas), "the replicas converge");
        replicas.Select(replica => replica.GetStatus()).ShouldAllBe(status => status.Missing == 0 && status.Parked == 0);
    }

    internal static bool HaveConverged(params IConversation[] replicas)
    {
        var first = replicas[0].GetStatus();
        return replicas.Skip(1).Select(replica => replica.GetStatus())
            .All(status => status.StateHash == first.StateHash && status.Frontier.SequenceEqual(first.Frontier));
    }

    /// <summary>Everything that was said, in conversation order.</summary>
    internal static IReadOnlyList<Message> ReadAll(this IConversation conversation)
    {
        var messages = new List<Message>();
        while (true)
        {
            var page = conversation.ReadPage(10_000, messages.Count > 0 ? messages[0].Id : null);
            messages.InsertRange(0, page);
            if (page.Count < 10_000)
            {
                return messages;
            }
        }
    }
}
