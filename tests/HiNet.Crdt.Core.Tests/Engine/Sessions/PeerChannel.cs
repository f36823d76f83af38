using Google.Protobuf;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>A channel of a <see cref="SessionScene"/>, at the end that is led by hand.</summary>
internal sealed class PeerChannel(SessionScene scene, LinkChannel channel)
{
    public LinkChannel Channel => channel;

    public List<(int Type, byte[] Payload)> Received { get; } = [];

    /// <summary>The session closed it.</summary>
    public bool IsClosed { get; set; }

    public void Send(int type, byte[] payload)
    {
        scene.Peer.Send(channel, type, payload, scene.Now, scene);
        scene.Run();
    }

    public void Send(int type, IMessage message) => Send(type, message.ToByteArray());

    public void Close()
    {
        scene.Peer.CloseChannel(channel, scene.Now, scene);
        scene.Run();
    }

    public int Count(int type) => Received.Count(message => message.Type == type);

    /// <summary>Types of what came behind so many messages.</summary>
    public List<int> Types(int behind = 0) => [.. Received.Skip(behind).Select(message => message.Type)];

    /// <summary>Ids of entries that came in segments, in order.</summary>
    public List<EntryId> Sent(ConversationId conversation)
    {
        var entries = new List<EntryId>();
        foreach (var (_, payload) in Received.Where(message => message.Type == HostilePeer.SegmentsType))
        {
            var reader = new SegmentReader(TestKeys.Sodium, conversation, payload);
            while (reader.Read() is { } run)
            {
                entries.AddRange(run.Entries.Select(entry => entry.Id));
            }
        }

        return entries;
    }
}
