using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Real nodes on durable stores, and what they say.</summary>
internal static class Nodes
{
    /// <summary>Characters in every message, as with the peers.</summary>
    public const int TextLength = 200;

    /// <summary>Any port of the loopback interface.</summary>
    public const string Loopback = "127.0.0.1:0";

    /// <summary>A node whose store lies in a folder; it makes an identity in an empty one.</summary>
    public static Task<HiNetNode> StartAsync(string folder, string? listen = null, bool acceptInvitations = false) =>
        HiNetNode.StartAsync(new HiNetOptions { Store = RocksDbStore.At(folder), Name = "Someone", Listen = listen, AcceptInvitations = acceptInvitations });

    /// <summary>Texts of 200 characters that do not compress to less than half.</summary>
    public static string[] CreateTexts(int count)
    {
        var bytes = new byte[TextLength / 2];
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            Random.Shared.NextBytes(bytes);
            texts[i] = Convert.ToHexStringLower(bytes);
        }

        return texts;
    }

    /// <summary>The direct conversation with somebody who has never been linked.</summary>
    public static async Task<IConversation> OpenDirectWithStrangerAsync(HiNetNode node)
    {
        var contact = await node.AddContactAsync(Strangers.CreateInvite());
        return await node.OpenDirectAsync(contact.Id);
    }

    /// <summary>A group of this person and others who have never been linked.</summary>
    public static async Task<IConversation> CreateGroupOfStrangersAsync(HiNetNode node, int members)
    {
        var others = new List<IdentityId>();
        while (others.Count < members - 1)
        {
            others.Add((await node.AddContactAsync(Strangers.CreateInvite())).Id);
        }

        return await node.CreateGroupAsync("Group", others);
    }

    /// <summary>Sends all texts, a number of them outstanding at any time. Returns the ids in the order of the texts.</summary>
    public static async Task<EntryId[]> SendAllAsync(IConversation conversation, IReadOnlyList<string> texts, int inFlight, CancellationToken cancellationToken)
    {
        var ids = new EntryId[texts.Count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(SendAsync, cancellationToken)));
        return ids;

        async Task SendAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < ids.Length; i = Interlocked.Increment(ref next))
            {
                ids[i] = (await conversation.SendAsync(texts[i], cancellationToken)).Id;
            }
        }
    }
}
