using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>A group of which only Alice is there, and what its channel says to peers that are led by hand.</summary>
internal sealed class ChannelScene
{
    private readonly HostileScene _scene = new();

    public ChannelScene(NodeCoreOptions? options = null)
    {
        World.Unlink(Alice, _scene.Bob);
        World.Nodes.Remove(_scene.Bob);
        Bob = new HostileMember(World, _scene.Bob, Group);
        World.Pass(TimeSpan.FromSeconds(5));
        if (options is not null)
        {
            Alice.Options = options;
            Alice.Restart();
            World.Pass(TimeSpan.FromSeconds(5));
        }
    }

    public LoopbackWorld World => _scene.World;

    public LoopbackNode Alice => _scene.Alice;

    public HostileMember Mallory => _scene.Mallory;

    /// <summary>Bob's keys, as Mallory's.</summary>
    public HostileMember Bob { get; }

    public ConversationId Group => _scene.Group;

    /// <summary>What Alice holds.</summary>
    public Frontier Frontier => Frontier.From(Alice.Reader.StatusOf(Group).Frontier);

    /// <summary>What Alice's summary says.</summary>
    public byte[] Summary =>
    [
        .. Frontier.Digest(LoopbackNode.Cryptography).ToArray()[..16],
        .. Alice.Reader.StatusOf(Group).StateHash.ToArray()[..4],
    ];

    /// <summary>What Alice holds, and one entry more.</summary>
    public byte[] More => Beside(new FrontierHead(Support.TestKeys.Device("elsewhere"), 3, Support.TestKeys.Entry("elsewhere")));

    /// <summary>The frontier of somebody who holds what Alice does and other heads.</summary>
    public byte[] Beside(params FrontierHead[] heads) => Frontier.From([.. Frontier.Heads, .. heads]).Encode();

    public void Pass(double seconds, params HostilePeer[] peers)
    {
        var left = TimeSpan.FromSeconds(seconds);
        while (left > TimeSpan.Zero)
        {
            var step = left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5);
            World.Pass(step);
            left -= step;
            foreach (var peer in peers)
            {
                peer.KeepAlive();
            }
        }
    }

    /// <summary>Ids of entries that came in segments, in order.</summary>
    public List<EntryId> Sent(HostilePeer peer)
    {
        var entries = new List<EntryId>();
        foreach (var (_, payload) in peer.Received.Where(message => message.Type == HostilePeer.SegmentsType))
        {
            var reader = new SegmentReader(LoopbackNode.Cryptography, Group, payload);
            while (reader.Read() is { } run)
            {
                entries.AddRange(run.Entries.Select(entry => entry.Id));
            }
        }

        return entries;
    }

    public static byte[] PullOf(params byte[][] forked)
    {
        var pull = new Pull();
        pull.ForkedDevices.AddRange(forked.Select(ByteString.CopyFrom));
        return pull.ToByteArray();
    }

    public static byte[] ConsumedOf(ulong bytes) => new Consumed { Bytes = bytes }.ToByteArray();

    public static byte[] AllSent => new CaughtUp().ToByteArray();
}
