using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Benchmarks.Ours.Dht;

/// <summary>The other process of <see cref="IdleNode"/>: its contacts, until the process is ended or its input is closed.</summary>
internal static class IdleContacts
{
    public const string Work = "idle-contacts";

    /// <summary>Every so many-th contact is a node of the DHT; the others only link.</summary>
    private const int InTheDht = 4;

    /// <param name="arguments">An invite that has room for them all; the address of a node of the DHT.</param>
    public static async Task<Dictionary<string, double>> RunAsync(string[] arguments)
    {
        var nodes = new List<HiNetNode>();
        for (var i = 0; i < IdleNode.Contacts; i++)
        {
            var isInDht = i % InTheDht == 0;
            var node = await HiNetNode.StartAsync(new HiNetOptions
            {
                Store = new InMemoryStore(),
                Listen = isInDht ? Nodes.Loopback : null,
                Bootstrap = isInDht ? [arguments[1]] : [],
                UseDht = isInDht,
                UseMdns = false,
            });
            await node.AddContactAsync(arguments[0]);
            nodes.Add(node);
        }

        await Console.In.ReadToEndAsync();
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        return [];
    }
}
