using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Attack.Contacts;

/// <summary>An honest contact who is linked all the time and a member of the group.</summary>
internal sealed class StayingContact : IAsyncDisposable
{
    private readonly HiNetNode _node;

    private StayingContact(HiNetNode node) => _node = node;

    public string Id => _node.Self.Id.ToString();

    public static async Task<StayingContact> MeetAsync(string invite)
    {
        var node = await HiNetNode.StartAsync(new HiNetOptions
        {
            Store = new InMemoryStore(),
            Name = "Staying",
            AcceptInvitations = true,
            UseMdns = false,
        });
        await node.AddContactAsync(invite);
        return new StayingContact(node);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
